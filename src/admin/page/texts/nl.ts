import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = site, closure = sluiting, exemption = uitzondering, bypass link = toegangslink, lockdown = volledige blokkade, override =
 * overschrijving, store = opslag, history = geschiedenis, token = token. Readers are addressed as ‘je’.
 */
export const nl = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Inloggen",
  signOut: "Uitloggen",
  password: "Wachtwoord",
  wrongPassword: "Onjuist wachtwoord. Probeer het opnieuw.",
  signedOut: "Je bent uitgelogd.",
  applicationOnly: "Log eerst in bij de applicatie.",
  sites: "Sites",
  allSites: "Alle sites",
  search: "Zoeken",
  cancel: "Annuleren",
  beforeYouContinue: "Voordat je verdergaat",
  messageForVisitors: "Bericht voor bezoekers",
  modes: { open: "Open", "read-only": "Alleen lezen", paused: "Gepauzeerd", closed: "Gesloten" },
  refused: {
    ERR_UNAUTHENTICATED: "Je sessie is verlopen. Log opnieuw in.",
    ERR_FORBIDDEN: "Je hebt hier geen toestemming voor. Vraag een beheerder om toegang.",
    ERR_NOT_FOUND: "Dit bestaat niet meer. Laad de pagina opnieuw.",
    ERR_INVALID_REQUEST: "Het verzoek was ongeldig. Laad de pagina opnieuw en probeer het nog eens.",
    ERR_UNKNOWN_SITE: "Deze site bestaat niet meer. Er is niets gewijzigd.",
    ERR_TOO_MANY_REQUESTS: "Te veel pogingen. Wacht een minuut en probeer het opnieuw.",
    ERR_CONFLICT: "Iemand anders heeft dit intussen gewijzigd. Bekijk de wijziging en probeer het opnieuw.",
    ERR_OVERRIDDEN:
      "Op de server is een overschrijving ingesteld. Zolang die geldt, kunnen sites niet worden geopend of gesloten.",
    ERR_STORE_UNAVAILABLE:
      "De opslag heeft niet geantwoord. Je wijziging is misschien niet opgeslagen. Controleer het zo nog eens.",
    ERR_UNEXPECTED: "Er is iets misgegaan op de server. Bekijk het serverlog voor details.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `${id} sluiten`,
      all: "Alle sites sluiten",
      several: { one: "# site sluiten", other: "# sites sluiten" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `${id} sluiten?`,
      all: "Alle sites sluiten?",
      several: { one: "# site sluiten?", other: "# sites sluiten?" },
    }),
  held: {
    command: "een lopend commando",
    by: ({ who, since }) => `Wordt sinds ${since} gesloten gehouden door ${who}.`,
    silent: (since) => `Niets vernomen sinds ${since}: het commando is misschien gecrasht.`,
    stops: "Als je doorgaat, wordt het commando gestopt.",
    anyway: "Toch doorgaan",
  },
  plain: {
    signedIn: "Je bent ingelogd.",
    signedInAs: (name) => `Ingelogd als ${name}.`,
    tokensOnly: "Inloggen met een wachtwoord is niet ingesteld.",
    notOpen: (count) => plural(count, { one: "# van je sites is niet open.", other: "# van je sites zijn niet open." }),
    opened: "Geopend.",
    closed: "Gesloten.",
    invalidForm: "Er ontbreekt iets in het formulier of iets is te lang. Er is niets gewijzigd.",
    refused: "Het verzoek is geweigerd en er is niets gewijzigd. Bekijk het serverlog voor details.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Te veel pogingen. Probeer het over # minuut opnieuw.",
        other: "Te veel pogingen. Probeer het over # minuten opnieuw.",
      }),
    warning: "Waarschuwing",
    site: "Site",
    ownSwitch: "Eigen instelling",
    inForce: "Wat bezoekers zien",
    until: ({ mode, end }) => `${mode} tot ${end}`,
    only: ({ mode, paths }) => `${mode} (alleen ${paths})`,
    reason: "Reden, zichtbaar in de geschiedenis",
    closeSelected: "Geselecteerde sites sluiten",
    openSelected: "Geselecteerde sites openen",
    moreSites: "Meer sites",
    willRead: (message) => `Bezoekers zien ‘${message}’.`,
    willReadBuiltIn: "Bezoekers zien het ingestelde bericht of de standaardpagina.",
    untilOpened: "Dit geldt tot je weer opent.",
  },
});
