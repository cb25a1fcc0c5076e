function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is there on https alone
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/* Fills in a key of the reader's own: the program refuses the document's example, which everybody has. */
function withKeys(response) {
  if (!response.url.endsWith("openapi.json")) return response;
  const contract = JSON.parse(response.text);
  for (const path of Object.values(contract.paths))
    for (const operation of Object.values(path))
      for (const parameter of operation.parameters ?? [])
        if (parameter.name === "Idempotency-Key") parameter.example = newKey();
  response.text = JSON.stringify(contract);
  return response;
}

/* Starts Swagger UI on the document of this very program; nothing is asked of any other address. */
window.addEventListener("load", () => {
  const ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "none", // with more than about 134 operations listed at once it stopped drawing: a click opens a tag
    defaultModelsExpandDepth: 0,
    displayOperationId: true,
    filter: true,
    persistAuthorization: false, // the next person at a shared computer must not find credentials
    tryItOutEnabled: true,
    responseInterceptor: withKeys,
    validatorUrl: null,
  });
  ui.initOAuth({ clientId: "docs" });
});
