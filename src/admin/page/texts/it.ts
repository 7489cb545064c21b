import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = sito, closure = chiusura, exemption = eccezione, bypass link = link di accesso, lockdown = blocco totale, override =
 * forzatura, store = archivio, history = cronologia, token = token. Buttons are infinitives; readers are not addressed where that is natural.
 */
export const it = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Accedi",
  signOut: "Esci",
  password: "Password",
  wrongPassword: "Password errata. Riprova.",
  signedOut: "Sessione chiusa.",
  applicationOnly: "Accedi prima all’applicazione.",
  sites: "Siti",
  allSites: "Tutti i siti",
  search: "Cerca",
  cancel: "Annulla",
  beforeYouContinue: "Prima di continuare",
  messageForVisitors: "Messaggio per i visitatori",
  modes: { open: "Aperto", "read-only": "Sola lettura", paused: "In pausa", closed: "Chiuso" },
  refused: {
    ERR_UNAUTHENTICATED: "La sessione è scaduta. Accedi di nuovo.",
    ERR_FORBIDDEN: "Non hai l’autorizzazione per questa operazione. Chiedila a un amministratore.",
    ERR_NOT_FOUND: "Questo elemento non esiste più. Ricarica la pagina.",
    ERR_INVALID_REQUEST: "La richiesta non era valida. Ricarica la pagina e riprova.",
    ERR_UNKNOWN_SITE: "Questo sito non esiste più. Non è stato modificato nulla.",
    ERR_TOO_MANY_REQUESTS: "Troppi tentativi. Attendi un minuto e riprova.",
    ERR_CONFLICT: "Nel frattempo un’altra persona ha modificato questi dati. Controlla la modifica e riprova.",
    ERR_OVERRIDDEN: "Sul server è impostata una forzatura. Finché è attiva, non è possibile aprire o chiudere i siti.",
    ERR_STORE_UNAVAILABLE:
      "L’archivio non ha risposto. La modifica potrebbe non essere stata salvata. Controlla di nuovo tra poco.",
    ERR_UNEXPECTED: "Si è verificato un errore sul server. I dettagli sono nel suo log.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `Chiudi ${id}`,
      all: "Chiudi tutti i siti",
      several: { one: "Chiudi # sito", other: "Chiudi # siti" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `Chiudere ${id}?`,
      all: "Chiudere tutti i siti?",
      several: { one: "Chiudere # sito?", other: "Chiudere # siti?" },
    }),
  held: {
    command: "un comando in esecuzione",
    by: ({ who, since }) => `Chiusura mantenuta da ${who} (inizio: ${since}).`,
    silent: (since) => `Ultimo segnale: ${since}. Il comando potrebbe essersi interrotto.`,
    stops: "Se continui, il comando viene fermato.",
    anyway: "Continua comunque",
  },
  plain: {
    signedIn: "Accesso eseguito.",
    signedInAs: (name) => `Accesso eseguito come ${name}.`,
    tokensOnly: "L’accesso con password non è configurato.",
    notOpen: (count) =>
      plural(count, { one: "# dei tuoi siti non è aperto.", other: "# dei tuoi siti non sono aperti." }),
    opened: "Apertura eseguita.",
    closed: "Chiusura eseguita.",
    invalidForm: "Nel modulo manca qualcosa o qualcosa è troppo lungo. Non è stato modificato nulla.",
    refused: "La richiesta è stata rifiutata e non è stato modificato nulla. I dettagli sono nel log del server.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Troppi tentativi. Riprova tra # minuto.",
        other: "Troppi tentativi. Riprova tra # minuti.",
      }),
    warning: "Avviso",
    site: "Sito",
    ownSwitch: "Impostazione propria",
    inForce: "Cosa vedono i visitatori",
    until: ({ mode, end }) => `${mode} (fine: ${end})`,
    only: ({ mode, paths }) => `${mode} (solo ${paths})`,
    reason: "Motivo, visibile nella cronologia",
    closeSelected: "Chiudi i siti selezionati",
    openSelected: "Apri i siti selezionati",
    moreSites: "Altri siti",
    willRead: (message) => `I visitatori vedranno «${message}».`,
    willReadBuiltIn: "I visitatori vedranno il messaggio impostato o la pagina predefinita.",
    untilOpened: "Vale fino alla riapertura.",
  },
});
