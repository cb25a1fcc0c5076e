// What an operation answers: what was asked for, or a problem with its code and facts.

export interface Answer<T> {
  data?: T;
  error?: unknown;
}

/** The operation was refused; `problem` is what the program said. */
export class Refused extends Error {
  constructor(readonly problem: unknown) {
    const { code, detail } = (problem ?? {}) as { code?: string; detail?: string };
    super(`${code ?? "no answer"}: ${detail ?? JSON.stringify(problem)}`);
  }
}

/** What was asked for. Throws Refused where it was refused. */
export function must<T>(answer: Answer<T>): T {
  if (answer.data === undefined) throw new Refused(answer.error);
  return answer.data;
}

/** Narrows a problem to the one of a code, with its facts. */
export function is<P extends { code: string }, C extends string>(
  problem: P | undefined,
  code: C,
): problem is Extract<P, { code: C }> {
  return problem?.code === code;
}
