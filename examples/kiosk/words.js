// What the kiosk says: [Indonesian, English].

import { translator } from '../shared/language.js';
import { SHARED } from '../shared/words.js';

export const t = translator(
  Object.assign({}, SHARED, {
    choose_agency: ['Anda ke instansi mana?', 'Which office do you need?'],
    choose_service: ['Layanan apa yang Anda perlukan?', 'Which service do you need?'],
    open_services: ['{open} dari {all} layanan buka', '{open} of {all} services open'],
    all_closed: ['Sedang tutup', 'Closed now'],
    ahead: ['{n} orang menunggu', 'Waiting: {n}'],
    nobody_ahead: ['Tidak ada antrean', 'No queue'],
    wait: ['tunggu sekitar {range} menit', 'wait about {range} minutes'],
    no_counter_yet: ['loket belum dibuka', 'no counter open yet'],
    remaining: ['sisa {n} nomor', '{n} numbers left'],
    who: ['Apakah Anda perlu didahulukan?', 'Do you need priority?'],
    why_asked: [
      'Hanya petugas yang melayani Anda yang mengetahui jawabannya.',
      'Only the officer who serves you will know your answer.',
    ],
    none: ['Tidak', 'No'],
    elderly: ['Lanjut usia', 'Elderly'],
    disability: ['Penyandang disabilitas', 'Person with a disability'],
    pregnant_or_nursing: ['Hamil atau menyusui', 'Pregnant or nursing'],
    with_small_child: ['Membawa anak kecil', 'With a small child'],
    unspecified: ['Ya, tanpa menyebut alasan', 'Yes, without saying why'],
    making: ['Sebentar …', 'One moment …'],
    your_number: ['Nomor antrean Anda', 'Your queue number'],
    take_paper: ['Ambil kertas Anda', 'Take your paper'],
    took_paper: ['Kertas sudah saya ambil', 'I have my paper'],
    again: ['Cetak lagi', 'Print again'],
    no_paper: ['Kertas tidak keluar, batalkan nomor', 'No paper came out, cancel the number'],
    cancelled: [
      'Nomor {number} dibatalkan. Silakan ambil nomor di meja informasi.',
      'Number {number} is cancelled. Please take a number at the information desk.',
    ],
    not_possible: ['Maaf, belum bisa', 'Sorry, not possible now'],
    start_again: ['Mulai lagi', 'Start again'],
    resting: [
      'Anjungan ini sedang tidak tersambung. Silakan ke meja informasi.',
      'This kiosk is not connected. Please go to the information desk.',
    ],
    key_needed: ['Kunci perangkat', 'Device key'],
    key_help: [
      'Pengelola mal membuat kunci anjungan (register_device) dan memasukkannya di sini satu kali.',
      'The mall manager makes a key for this kiosk (register_device) and enters it here once.',
    ],
    other_key: ['Kunci ini bukan kunci anjungan.', 'This key is not of a kiosk.'],
    key_save: ['Simpan', 'Save'],
  }),
);
