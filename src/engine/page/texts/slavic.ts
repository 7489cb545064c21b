import type { PageTexts } from "../texts.ts";

export const cs: PageTexts = {
  closed: {
    word: "Zavřeno",
    title: "Probíhá údržba",
    message: "Na tomto webu právě pracujeme. Znovu se otevře, jakmile skončíme.",
  },
  "read-only": {
    word: "Jen ke čtení",
    title: "Změny teď nejsou možné",
    message: "Číst můžete jako obvykle. Změny budou znovu možné, jakmile skončíme.",
  },
  paused: {
    word: "Pozastaveno",
    title: "Okamžik, prosím",
    message: "Web je na chvíli pozastaven a hned bude pokračovat.",
  },
  expectedEnd: "Předpokládaný konec",
  timeLeft: "Zbývající čas",
  soon: "Každou chvíli",
  returns: "Stránku můžete nechat otevřenou. Web se tu objeví sám.",
  notTaken: "To, co jste odeslali, nebylo uloženo. Vraťte se k tomu, co jste vyplnili, a odešlete to později znovu.",
  checkFirst:
    "To, co jste odeslali, možná nebylo uloženo. Nejprve to ověřte. Pokud ne, vraťte se k tomu, co jste vyplnili, a odešlete to později znovu.",
  open: "Web je znovu otevřený.",
  since: "Od",
  updated: "Naposledy aktualizováno",
  contact: "Kontakt",
  moreInformation: "Více informací",
  tryAgain: "Zkusit znovu",
  goBack: "Zpět",
};

export const pl: PageTexts = {
  closed: {
    word: "Zamknięte",
    title: "Przerwa techniczna",
    message: "Pracujemy nad tą stroną. Otworzymy ją ponownie, gdy tylko skończymy.",
  },
  "read-only": {
    word: "Tylko odczyt",
    title: "Zmiany nie są teraz możliwe",
    message: "Czytać można jak zwykle. Zmiany będą znów możliwe, gdy tylko skończymy.",
  },
  paused: {
    word: "Wstrzymane",
    title: "Chwileczkę",
    message: "Strona jest na chwilę wstrzymana i zaraz wróci.",
  },
  expectedEnd: "Przewidywany koniec",
  timeLeft: "Pozostały czas",
  soon: "Lada chwila",
  returns: "Można zostawić tę stronę otwartą. Serwis wróci tu sam.",
  notTaken: "Wysłane dane nie zostały zapisane. Wróć do wpisanych danych i wyślij je ponownie później.",
  checkFirst:
    "Wysłane dane mogły nie zostać zapisane. Najpierw to sprawdź. Jeśli nie, wróć do wpisanych danych i wyślij je ponownie później.",
  open: "Strona jest znowu otwarta.",
  since: "Od",
  updated: "Ostatnia aktualizacja",
  contact: "Kontakt",
  moreInformation: "Więcej informacji",
  tryAgain: "Spróbuj ponownie",
  goBack: "Wróć",
};

export const ru: PageTexts = {
  closed: {
    word: "Закрыто",
    title: "Технические работы",
    message: "Мы работаем над этим сайтом. Он снова откроется, как только мы закончим.",
  },
  "read-only": {
    word: "Только чтение",
    title: "Сейчас ничего нельзя изменить",
    message: "Читать можно как обычно. Как только мы закончим, изменения снова станут возможны.",
  },
  paused: {
    word: "Приостановлено",
    title: "Подождите немного",
    message: "Сайт ненадолго приостановлен и скоро продолжит работу.",
  },
  expectedEnd: "Ожидаемое завершение",
  timeLeft: "Осталось",
  soon: "С минуты на минуту",
  returns: "Эту страницу можно не закрывать. Сайт вернётся сам.",
  notTaken: "Отправленное не сохранено. Вернитесь к введённому и отправьте его позже ещё раз.",
  checkFirst:
    "Возможно, отправленное не сохранено. Сначала проверьте это. Если нет, вернитесь к введённому и отправьте его позже ещё раз.",
  open: "Сайт снова открыт.",
  since: "С",
  updated: "Обновлено",
  contact: "Контакты",
  moreInformation: "Подробнее",
  tryAgain: "Попробовать снова",
  goBack: "Назад",
};

export const uk: PageTexts = {
  closed: {
    word: "Закрито",
    title: "Технічні роботи",
    message: "Ми працюємо над цим сайтом. Він відкриється знову, щойно ми закінчимо.",
  },
  "read-only": {
    word: "Лише читання",
    title: "Зараз нічого не можна змінити",
    message: "Читати можна як завжди. Щойно ми закінчимо, зміни знову стануть можливими.",
  },
  paused: {
    word: "Призупинено",
    title: "Зачекайте хвилинку",
    message: "Сайт ненадовго призупинено, незабаром він продовжить роботу.",
  },
  expectedEnd: "Очікуване завершення",
  timeLeft: "Залишилося",
  soon: "З хвилини на хвилину",
  returns: "Цю сторінку можна не закривати. Сайт повернеться сам.",
  notTaken: "Надіслане не збережено. Поверніться до введеного й надішліть його пізніше ще раз.",
  checkFirst:
    "Можливо, надіслане не збережено. Спершу перевірте це. Якщо ні, поверніться до введеного й надішліть його пізніше ще раз.",
  open: "Сайт знову відкрито.",
  since: "З",
  updated: "Оновлено",
  contact: "Контакти",
  moreInformation: "Докладніше",
  tryAgain: "Спробувати ще раз",
  goBack: "Назад",
};
