import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = witryna, closure = zamknięcie, exemption = wyjątek, bypass link = link dostępu, lockdown = pełna blokada, override =
 * wymuszenie, store = magazyn, history = historia, token = token. Impersonal where a reader would have to be addressed.
 */
export const pl = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Zaloguj się",
  signOut: "Wyloguj się",
  password: "Hasło",
  wrongPassword: "Nieprawidłowe hasło. Spróbuj ponownie.",
  signedOut: "Wylogowano.",
  applicationOnly: "Najpierw zaloguj się w aplikacji.",
  sites: "Witryny",
  allSites: "Wszystkie witryny",
  search: "Szukaj",
  cancel: "Anuluj",
  beforeYouContinue: "Zanim przejdziesz dalej",
  messageForVisitors: "Komunikat dla odwiedzających",
  modes: { open: "Otwarte", "read-only": "Tylko odczyt", paused: "Wstrzymane", closed: "Zamknięte" },
  refused: {
    ERR_UNAUTHENTICATED: "Sesja wygasła. Zaloguj się ponownie.",
    ERR_FORBIDDEN: "Brak uprawnień do tej czynności. Poproś o nie administratora.",
    ERR_NOT_FOUND: "Ten element już nie istnieje. Odśwież stronę.",
    ERR_INVALID_REQUEST: "Żądanie było nieprawidłowe. Odśwież stronę i spróbuj ponownie.",
    ERR_UNKNOWN_SITE: "Ta witryna już nie istnieje. Niczego nie zmieniono.",
    ERR_TOO_MANY_REQUESTS: "Zbyt wiele prób. Odczekaj minutę i spróbuj ponownie.",
    ERR_CONFLICT: "W międzyczasie ktoś inny wprowadził zmiany. Sprawdź je i spróbuj ponownie.",
    ERR_OVERRIDDEN: "Na serwerze ustawiono wymuszenie. Dopóki obowiązuje, nie można otwierać ani zamykać witryn.",
    ERR_STORE_UNAVAILABLE: "Magazyn nie odpowiedział. Zmiana mogła nie zostać zapisana. Sprawdź ponownie za chwilę.",
    ERR_UNEXPECTED: "Na serwerze wystąpił błąd. Szczegóły są w jego dzienniku.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `Zamknij ${id}`,
      all: "Zamknij wszystkie witryny",
      several: { one: "Zamknij # witrynę", few: "Zamknij # witryny", other: "Zamknij # witryn" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `Zamknąć ${id}?`,
      all: "Zamknąć wszystkie witryny?",
      several: { one: "Zamknąć # witrynę?", few: "Zamknąć # witryny?", other: "Zamknąć # witryn?" },
    }),
  held: {
    command: "działające polecenie",
    by: ({ who, since }) => `Zamknięcie utrzymuje ${who} (początek: ${since}).`,
    silent: (since) => `Ostatni sygnał: ${since}. Polecenie mogło ulec awarii.`,
    stops: "Jeśli będziesz kontynuować, polecenie zostanie zatrzymane.",
    anyway: "Kontynuuj mimo to",
  },
  plain: {
    signedIn: "Zalogowano.",
    signedInAs: (name) => `Zalogowano jako ${name}.`,
    tokensOnly: "Logowanie hasłem nie jest skonfigurowane.",
    notOpen: (count) =>
      plural(count, {
        one: "# witryna nie jest otwarta.",
        few: "# witryny nie są otwarte.",
        other: "# witryn nie jest otwartych.",
      }),
    opened: "Otwarto.",
    closed: "Zamknięto.",
    invalidForm: "W formularzu czegoś brakuje lub coś jest za długie. Niczego nie zmieniono.",
    refused: "Żądanie odrzucono i niczego nie zmieniono. Szczegóły są w dzienniku serwera.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Zbyt wiele prób. Spróbuj ponownie za # minutę.",
        few: "Zbyt wiele prób. Spróbuj ponownie za # minuty.",
        other: "Zbyt wiele prób. Spróbuj ponownie za # minut.",
      }),
    warning: "Ostrzeżenie",
    site: "Witryna",
    ownSwitch: "Własne ustawienie",
    inForce: "Co widzą odwiedzający",
    until: ({ mode, end }) => `${mode} do ${end}`,
    only: ({ mode, paths }) => `${mode} (tylko ${paths})`,
    reason: "Powód, widoczny w historii",
    closeSelected: "Zamknij wybrane witryny",
    openSelected: "Otwórz wybrane witryny",
    moreSites: "Więcej witryn",
    willRead: (message) => `Odwiedzający zobaczą „${message}”.`,
    willReadBuiltIn: "Odwiedzający zobaczą ustawiony komunikat lub stronę wbudowaną.",
    untilOpened: "Obowiązuje do ponownego otwarcia.",
  },
});
