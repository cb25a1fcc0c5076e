// Words that several screens say: [Indonesian, English].

export const SHARED = {
  offline: ['Sambungan terputus. Menyambung kembali …', 'The connection is lost. Connecting again …'],
  back: ['Kembali', 'Back'],
  cancel: ['Batal', 'Cancel'],
  close: ['Tutup', 'Close'],
  minutes: ['{n} menit', '{n} minutes'],
  opens: ['Buka {when}', 'Opens {when}'],
  floor: ['Lantai {floor}', 'Floor {floor}'],
};
