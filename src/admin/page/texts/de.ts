import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = Website, closure = Schließung, exemption = Ausnahme, bypass link = Zugangslink, lockdown = Vollsperrung, override =
 * Übersteuerung, store = Speicher, history = Verlauf, token = Token. Readers are addressed as „Sie“.
 */
export const de = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Anmelden",
  signOut: "Abmelden",
  password: "Passwort",
  wrongPassword: "Falsches Passwort. Versuchen Sie es noch einmal.",
  signedOut: "Sie sind abgemeldet.",
  applicationOnly: "Melden Sie sich zuerst in der Anwendung an.",
  sites: "Websites",
  allSites: "Alle Websites",
  search: "Suchen",
  cancel: "Abbrechen",
  beforeYouContinue: "Bevor Sie fortfahren",
  messageForVisitors: "Nachricht für Besucher",
  modes: { open: "Offen", "read-only": "Nur lesen", paused: "Angehalten", closed: "Geschlossen" },
  refused: {
    ERR_UNAUTHENTICATED: "Ihre Sitzung ist abgelaufen. Melden Sie sich wieder an.",
    ERR_FORBIDDEN: "Dazu fehlt Ihnen die Berechtigung. Bitten Sie einen Administrator darum.",
    ERR_NOT_FOUND: "Das gibt es nicht mehr. Laden Sie die Seite neu.",
    ERR_INVALID_REQUEST: "Die Anfrage war ungültig. Laden Sie die Seite neu, und versuchen Sie es noch einmal.",
    ERR_UNKNOWN_SITE: "Diese Website gibt es nicht mehr. Es wurde nichts geändert.",
    ERR_TOO_MANY_REQUESTS: "Zu viele Versuche. Warten Sie eine Minute, und versuchen Sie es dann noch einmal.",
    ERR_CONFLICT:
      "Das wurde inzwischen von einer anderen Person geändert. Prüfen Sie die Änderung, und versuchen Sie es dann noch einmal.",
    ERR_OVERRIDDEN:
      "Auf dem Server ist eine Übersteuerung gesetzt. Solange sie gilt, lassen sich Websites weder öffnen noch schließen.",
    ERR_STORE_UNAVAILABLE:
      "Der Speicher hat nicht geantwortet. Ihre Änderung wurde vielleicht nicht gespeichert. Prüfen Sie es gleich noch einmal.",
    ERR_UNEXPECTED: "Auf dem Server ist ein Fehler aufgetreten. Einzelheiten stehen in seinem Protokoll.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `${id} schließen`,
      all: "Alle Websites schließen",
      several: { one: "# Website schließen", other: "# Websites schließen" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `${id} schließen?`,
      all: "Alle Websites schließen?",
      several: { one: "# Website schließen?", other: "# Websites schließen?" },
    }),
  held: {
    command: "einem laufenden Befehl",
    by: ({ who, since }) => `Wird seit ${since} von ${who} geschlossen gehalten.`,
    silent: (since) => `Seit ${since} ohne Meldung: Der Befehl ist vielleicht abgestürzt.`,
    stops: "Wenn Sie fortfahren, wird der Befehl beendet.",
    anyway: "Trotzdem fortfahren",
  },
  plain: {
    signedIn: "Sie sind angemeldet.",
    signedInAs: (name) => `Angemeldet als ${name}.`,
    tokensOnly: "Die Anmeldung mit einem Passwort ist nicht eingerichtet.",
    notOpen: (count) =>
      plural(count, { one: "# Ihrer Websites ist nicht offen.", other: "# Ihrer Websites sind nicht offen." }),
    opened: "Geöffnet.",
    closed: "Geschlossen.",
    invalidForm: "Im Formular fehlt etwas, oder etwas ist zu lang. Es wurde nichts geändert.",
    refused: "Die Anfrage wurde abgelehnt, und es wurde nichts geändert. Einzelheiten stehen im Protokoll des Servers.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Zu viele Versuche. Versuchen Sie es in # Minute noch einmal.",
        other: "Zu viele Versuche. Versuchen Sie es in # Minuten noch einmal.",
      }),
    warning: "Warnung",
    site: "Website",
    ownSwitch: "Eigene Einstellung",
    inForce: "Was Besucher sehen",
    until: ({ mode, end }) => `${mode} bis ${end}`,
    only: ({ mode, paths }) => `${mode} (nur ${paths})`,
    reason: "Grund, im Verlauf sichtbar",
    closeSelected: "Ausgewählte Websites schließen",
    openSelected: "Ausgewählte Websites öffnen",
    moreSites: "Weitere Websites",
    willRead: (message) => `Besucher sehen „${message}“.`,
    willReadBuiltIn: "Besucher sehen die gespeicherte Nachricht oder die eingebaute Seite.",
    untilOpened: "Das gilt, bis Sie wieder öffnen.",
  },
});
