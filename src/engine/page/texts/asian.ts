import type { PageTexts } from "../texts.ts";

export const hi: PageTexts = {
  closed: {
    word: "बंद",
    title: "रखरखाव का काम चल रहा है",
    message: "हम इस साइट पर काम कर रहे हैं। काम पूरा होते ही यह फिर से खुल जाएगी।",
  },
  "read-only": {
    word: "केवल पढ़ने के लिए",
    title: "अभी बदलाव नहीं किए जा सकते",
    message: "पढ़ना पहले की तरह संभव है। काम पूरा होते ही बदलाव भी फिर से किए जा सकेंगे।",
  },
  paused: {
    word: "रुकी हुई",
    title: "एक पल रुकिए",
    message: "साइट थोड़ी देर के लिए रुकी है और जल्द ही फिर चलेगी।",
  },
  expectedEnd: "समाप्ति का अनुमानित समय",
  timeLeft: "बचा हुआ समय",
  soon: "अब किसी भी पल",
  returns: "आप यह पेज खुला छोड़ सकते हैं। साइट यहाँ अपने आप वापस आ जाएगी।",
  notTaken: "आपने जो भेजा वह सहेजा नहीं गया। वापस जाकर अपनी भरी हुई जानकारी देखें और बाद में फिर से भेजें।",
  checkFirst:
    "हो सकता है कि आपने जो भेजा वह सहेजा न गया हो। पहले इसकी जाँच करें। अगर नहीं सहेजा गया, तो वापस जाकर अपनी भरी हुई जानकारी देखें और बाद में फिर से भेजें।",
  open: "साइट फिर से खुल गई है।",
  since: "कब से",
  updated: "पिछला अपडेट",
  contact: "संपर्क",
  moreInformation: "अधिक जानकारी",
  tryAgain: "फिर से कोशिश करें",
  goBack: "वापस जाएँ",
};

export const id: PageTexts = {
  closed: {
    word: "Ditutup",
    title: "Sedang dalam pemeliharaan",
    message: "Kami sedang mengerjakan situs ini. Situs akan dibuka kembali segera setelah selesai.",
  },
  "read-only": {
    word: "Hanya baca",
    title: "Saat ini perubahan tidak dapat dilakukan",
    message: "Membaca tetap bisa seperti biasa. Perubahan dapat dilakukan lagi segera setelah kami selesai.",
  },
  paused: {
    word: "Dijeda",
    title: "Mohon tunggu sebentar",
    message: "Situs dijeda sebentar dan akan segera berlanjut.",
  },
  expectedEnd: "Perkiraan selesai",
  timeLeft: "Sisa waktu",
  soon: "Sebentar lagi",
  returns: "Halaman ini boleh dibiarkan terbuka. Situs akan kembali di sini dengan sendirinya.",
  notTaken: "Yang Anda kirim tidak tersimpan. Kembalilah ke isian Anda dan kirim lagi nanti.",
  checkFirst:
    "Yang Anda kirim mungkin tidak tersimpan. Periksa dahulu. Jika tidak tersimpan, kembalilah ke isian Anda dan kirim lagi nanti.",
  open: "Situs sudah dibuka kembali.",
  since: "Sejak",
  updated: "Terakhir diperbarui",
  contact: "Kontak",
  moreInformation: "Informasi lebih lanjut",
  tryAgain: "Coba lagi",
  goBack: "Kembali",
};

export const ja: PageTexts = {
  closed: {
    word: "停止中",
    title: "メンテナンス中です",
    message: "ただいまメンテナンス作業を行っています。作業が終わり次第、再開します。",
  },
  "read-only": {
    word: "閲覧のみ",
    title: "現在、変更はできません",
    message: "閲覧はいつもどおりできます。作業が終わり次第、変更もできるようになります。",
  },
  paused: {
    word: "一時停止中",
    title: "少々お待ちください",
    message: "サイトを一時的に停止しています。まもなく再開します。",
  },
  expectedEnd: "終了予定",
  timeLeft: "残り時間",
  soon: "まもなく",
  returns: "このページは開いたままで構いません。再開すると自動で切り替わります。",
  notTaken: "送信した内容は保存されていません。前のページに戻って入力内容を確認し、後ほどもう一度送信してください。",
  checkFirst:
    "送信した内容は保存されていない可能性があります。まずご確認ください。保存されていない場合は、前のページに戻って入力内容を確認し、後ほどもう一度送信してください。",
  open: "サイトは再開しました。",
  since: "開始",
  updated: "最終更新",
  contact: "お問い合わせ",
  moreInformation: "詳しい情報",
  tryAgain: "もう一度試す",
  goBack: "前のページに戻る",
};

export const ko: PageTexts = {
  closed: {
    word: "이용 중지",
    title: "점검 중입니다",
    message: "현재 사이트를 점검하고 있습니다. 작업이 끝나는 대로 다시 열립니다.",
  },
  "read-only": {
    word: "읽기 전용",
    title: "지금은 변경할 수 없습니다",
    message: "읽기는 평소처럼 가능합니다. 작업이 끝나는 대로 변경도 다시 가능합니다.",
  },
  paused: {
    word: "일시 중지",
    title: "잠시만 기다려 주세요",
    message: "사이트가 잠시 멈췄습니다. 곧 다시 시작됩니다.",
  },
  expectedEnd: "예상 종료 시각",
  timeLeft: "남은 시간",
  soon: "곧 열립니다",
  returns: "이 페이지를 열어 두셔도 됩니다. 사이트가 다시 열리면 자동으로 돌아갑니다.",
  notTaken: "보내신 내용은 저장되지 않았습니다. 입력한 내용으로 돌아가서 나중에 다시 보내 주세요.",
  checkFirst:
    "보내신 내용이 저장되지 않았을 수 있습니다. 먼저 확인해 주세요. 저장되지 않았다면 입력한 내용으로 돌아가서 나중에 다시 보내 주세요.",
  open: "사이트가 다시 열렸습니다.",
  since: "시작",
  updated: "마지막 업데이트",
  contact: "문의",
  moreInformation: "자세한 정보",
  tryAgain: "다시 시도",
  goBack: "뒤로 가기",
};

export const tr: PageTexts = {
  closed: {
    word: "Kapalı",
    title: "Bakım çalışması yapılıyor",
    message: "Bu site üzerinde çalışıyoruz. İşimiz biter bitmez yeniden açılacak.",
  },
  "read-only": {
    word: "Salt okunur",
    title: "Şu anda değişiklik yapılamıyor",
    message: "Her zamanki gibi okuyabilirsiniz. İşimiz biter bitmez yeniden değişiklik de yapabileceksiniz.",
  },
  paused: {
    word: "Duraklatıldı",
    title: "Bir dakika, lütfen",
    message: "Site kısa bir süre duraklatıldı, birazdan devam edecek.",
  },
  expectedEnd: "Tahmini bitiş",
  timeLeft: "Kalan süre",
  soon: "Her an",
  returns: "Bu sayfayı açık bırakabilirsiniz. Site burada kendiliğinden geri gelir.",
  notTaken: "Gönderdikleriniz kaydedilmedi. Girdiğiniz bilgilere geri dönün ve daha sonra yeniden gönderin.",
  checkFirst:
    "Gönderdikleriniz kaydedilmemiş olabilir. Önce bunu kontrol edin. Kaydedilmediyse girdiğiniz bilgilere geri dönün ve daha sonra yeniden gönderin.",
  open: "Site yeniden açıldı.",
  since: "Başlangıç",
  updated: "Son güncelleme",
  contact: "İletişim",
  moreInformation: "Daha fazla bilgi",
  tryAgain: "Yeniden dene",
  goBack: "Geri dön",
};

export const vi: PageTexts = {
  closed: {
    word: "Tạm đóng",
    title: "Đang bảo trì",
    message: "Chúng tôi đang bảo trì trang web này. Trang web sẽ mở lại ngay khi hoàn tất.",
  },
  "read-only": {
    word: "Chỉ đọc",
    title: "Hiện chưa thể thay đổi",
    message: "Bạn vẫn đọc được như thường lệ. Bạn có thể thay đổi trở lại ngay khi chúng tôi hoàn tất.",
  },
  paused: {
    word: "Tạm dừng",
    title: "Vui lòng chờ một lát",
    message: "Trang web đang tạm dừng và sẽ sớm tiếp tục.",
  },
  expectedEnd: "Dự kiến kết thúc",
  timeLeft: "Thời gian còn lại",
  soon: "Sắp mở lại",
  returns: "Bạn có thể để nguyên trang này. Trang web sẽ tự trở lại tại đây.",
  notTaken: "Nội dung bạn gửi chưa được lưu. Hãy quay lại nội dung đã nhập và gửi lại sau.",
  checkFirst:
    "Nội dung bạn gửi có thể chưa được lưu. Hãy kiểm tra trước. Nếu chưa, hãy quay lại nội dung đã nhập và gửi lại sau.",
  open: "Trang web đã mở lại.",
  since: "Bắt đầu từ",
  updated: "Cập nhật lần cuối",
  contact: "Liên hệ",
  moreInformation: "Thông tin thêm",
  tryAgain: "Thử lại",
  goBack: "Quay lại",
};
