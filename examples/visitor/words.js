// What the visitor's page says: [Indonesian, English].

import { translator } from '../shared/language.js';
import { SHARED } from '../shared/words.js';

export const t = translator(
  Object.assign({}, SHARED, {
    other_language: ['English', 'Bahasa Indonesia'],
    my_ticket: ['Antrean saya', 'My ticket'],
    enter_code: ['Kode di bawah nomor antrean Anda', 'The code of your ticket'],
    code_help: [
      'Kode ada di kertas antrean (QR) atau di layar saat nomor diambil di web: 16 huruf dan angka.',
      'It is in the QR on your paper, or was shown when you took the number on the web: 16 letters and digits.',
    ],
    show: ['Lihat antrean', 'Show my ticket'],
    number: ['Nomor antrean', 'Ticket number'],
    waiting: ['Menunggu', 'Waiting'],
    called: ['Giliran Anda!', 'It is your turn!'],
    serving: ['Sedang dilayani', 'Being served'],
    on_hold: ['Ditunda', 'On hold'],
    completed: ['Selesai. Terima kasih.', 'Completed. Thank you.'],
    no_show: ['Anda tidak hadir saat dipanggil', 'You were not there when you were called'],
    cancelled: ['Dibatalkan', 'Cancelled'],
    expired: ['Sudah tidak berlaku', 'No longer valid'],
    go_to: ['Silakan ke {counter}, lantai {floor}, {building}', 'Please go to {counter}, floor {floor}, {building}'],
    times_called: ['Sudah dipanggil {n} kali', 'Called {n} times'],
    ahead: ['{n} orang sebelum Anda', 'People before you: {n}'],
    you_are_next: ['Anda berikutnya', 'You are next'],
    about: ['Kira-kira {range} menit lagi', 'About {range} minutes from now'],
    no_estimate: ['Perkiraan belum ada: loket belum dibuka', 'No estimate yet: no counter is open'],
    after_step: ['Selesaikan dulu langkah {n} dari rencana Anda', 'Finish step {n} of your plan first'],
    come_back: ['Kembalilah ke loket bila sudah siap', 'Come back to the counter when you are ready'],
    ask_officer: [
      'Temui petugas loket: hari ini nomor Anda masih bisa dikembalikan ke antrean.',
      'Talk to the officer at the counter: today your number can still come back to the queue.',
    ],
    let_others: ['Biarkan orang lain dulu', 'Let others go first'],
    how_many: ['Berapa orang boleh mendahului Anda?', 'How many people may go before you?'],
    people: ['{n} orang', '{n} people'],
    left: ['Masih bisa {n} kali', '{n} times left'],
    moved: ['Baik, orang lain didahulukan.', 'Done: others go first.'],
    cancel_ticket: ['Batalkan antrean', 'Cancel my ticket'],
    sure: ['Batalkan nomor {number}?', 'Cancel number {number}?'],
    sure_more: ['Nomor ini tidak akan dipanggil lagi.', 'This number will not be called any more.'],
    yes_cancel: ['Ya, batalkan', 'Yes, cancel it'],
    keep: ['Tidak', 'No, keep it'],
    plan: ['Rencana kunjungan Anda', 'Your plan'],
    trying: ['Belum ada jawaban. Permintaan Anda dikirim lagi sendiri.', 'No answer yet. Your request is sent again by itself.'],
    other_code: ['Lihat antrean lain', 'Show another ticket'],
  }),
);
