import type { PageTexts } from "../texts.ts";

export const en: PageTexts = {
  closed: {
    word: "Closed",
    title: "Maintenance in progress",
    message: "We are working on this site. It opens again as soon as we are done.",
  },
  "read-only": {
    word: "Read-only",
    title: "Changes are not possible right now",
    message: "You can read as usual. Changes will be possible again as soon as we are done.",
  },
  paused: {
    word: "Paused",
    title: "One moment, please",
    message: "The site is paused for a moment and goes on shortly.",
  },
  expectedEnd: "Expected end",
  timeLeft: "Time left",
  soon: "Any moment now",
  returns: "You can leave this page open. The site comes back here automatically.",
  notTaken: "What you sent was not saved. Go back to what you entered, and send it again later.",
  checkFirst:
    "What you sent may not have been saved. Check whether it was. If not, go back to what you entered, and send it again later.",
  open: "The site is open again.",
  since: "Since",
  updated: "Last updated",
  contact: "Contact",
  moreInformation: "More information",
  tryAgain: "Try again",
  goBack: "Go back",
};

export const de: PageTexts = {
  closed: {
    word: "Geschlossen",
    title: "Wartungsarbeiten",
    message: "Wir arbeiten gerade an dieser Website. Sobald wir fertig sind, ist sie wieder da.",
  },
  "read-only": {
    word: "Nur lesen",
    title: "Änderungen sind gerade nicht möglich",
    message: "Lesen können Sie wie gewohnt. Sobald wir fertig sind, können Sie auch wieder etwas ändern.",
  },
  paused: {
    word: "Angehalten",
    title: "Einen Moment, bitte",
    message: "Die Website steht kurz still und ist gleich wieder da.",
  },
  expectedEnd: "Voraussichtliches Ende",
  timeLeft: "Verbleibende Zeit",
  soon: "Jeden Moment",
  returns: "Sie können diese Seite offen lassen. Die Website kommt hier von selbst zurück.",
  notTaken:
    "Was Sie gesendet haben, wurde nicht gespeichert. Gehen Sie zurück zu Ihrer Eingabe, und senden Sie sie später noch einmal.",
  checkFirst:
    "Was Sie gesendet haben, wurde vielleicht nicht gespeichert. Prüfen Sie das zuerst. Falls nicht, gehen Sie zurück zu Ihrer Eingabe, und senden Sie sie später noch einmal.",
  open: "Die Website ist wieder da.",
  since: "Seit",
  updated: "Zuletzt aktualisiert",
  contact: "Kontakt",
  moreInformation: "Weitere Informationen",
  tryAgain: "Erneut versuchen",
  goBack: "Zurück",
};

export const nl: PageTexts = {
  closed: {
    word: "Gesloten",
    title: "Onderhoud",
    message: "We werken op dit moment aan deze site. Zodra we klaar zijn, is hij weer open.",
  },
  "read-only": {
    word: "Alleen lezen",
    title: "Wijzigen kan nu even niet",
    message: "Lezen kan zoals altijd. Zodra we klaar zijn, kunt u ook weer iets wijzigen.",
  },
  paused: {
    word: "Gepauzeerd",
    title: "Een ogenblik geduld",
    message: "De site staat even stil en gaat zo weer verder.",
  },
  expectedEnd: "Verwacht einde",
  timeLeft: "Resterende tijd",
  soon: "Elk moment",
  returns: "U kunt deze pagina open laten. De site komt hier vanzelf terug.",
  notTaken:
    "Wat u hebt verstuurd, is niet opgeslagen. Ga terug naar wat u hebt ingevuld en verstuur het later opnieuw.",
  checkFirst:
    "Wat u hebt verstuurd, is misschien niet opgeslagen. Controleer dat eerst. Zo niet, ga dan terug naar wat u hebt ingevuld en verstuur het later opnieuw.",
  open: "De site is weer open.",
  since: "Sinds",
  updated: "Laatst bijgewerkt",
  contact: "Contact opnemen",
  moreInformation: "Meer informatie",
  tryAgain: "Opnieuw proberen",
  goBack: "Terug",
};

export const sv: PageTexts = {
  closed: {
    word: "Stängt",
    title: "Underhåll pågår",
    message: "Vi arbetar med webbplatsen just nu. Den öppnar igen så snart vi är klara.",
  },
  "read-only": {
    word: "Endast läsning",
    title: "Det går inte att ändra något just nu",
    message: "Du kan läsa som vanligt. Så snart vi är klara kan du göra ändringar igen.",
  },
  paused: {
    word: "Pausad",
    title: "Ett ögonblick",
    message: "Webbplatsen är pausad en kort stund och fortsätter strax.",
  },
  expectedEnd: "Beräknat slut",
  timeLeft: "Tid kvar",
  soon: "När som helst",
  returns: "Du kan låta sidan vara öppen. Webbplatsen kommer tillbaka här av sig själv.",
  notTaken: "Det du skickade sparades inte. Gå tillbaka till det du skrev och skicka det igen senare.",
  checkFirst:
    "Det du skickade har kanske inte sparats. Kontrollera det först. Om inte, gå tillbaka till det du skrev och skicka det igen senare.",
  open: "Webbplatsen är öppen igen.",
  since: "Sedan",
  updated: "Senast uppdaterad",
  contact: "Kontakt",
  moreInformation: "Mer information",
  tryAgain: "Försök igen",
  goBack: "Gå tillbaka",
};

export const da: PageTexts = {
  closed: {
    word: "Lukket",
    title: "Vedligeholdelse i gang",
    message: "Vi arbejder på hjemmesiden lige nu. Den åbner igen, så snart vi er færdige.",
  },
  "read-only": {
    word: "Kun læsning",
    title: "Det er ikke muligt at ændre noget lige nu",
    message: "Du kan læse som sædvanligt. Så snart vi er færdige, kan du også foretage ændringer igen.",
  },
  paused: {
    word: "På pause",
    title: "Et øjeblik",
    message: "Hjemmesiden er på pause et kort øjeblik og fortsætter om lidt.",
  },
  expectedEnd: "Forventet afslutning",
  timeLeft: "Tid tilbage",
  soon: "Hvert øjeblik",
  returns: "Du kan lade siden stå åben. Hjemmesiden kommer tilbage her af sig selv.",
  notTaken: "Det, du sendte, blev ikke gemt. Gå tilbage til det, du har skrevet, og send det igen senere.",
  checkFirst:
    "Det, du sendte, blev måske ikke gemt. Tjek det først. Hvis ikke, så gå tilbage til det, du har skrevet, og send det igen senere.",
  open: "Hjemmesiden er åben igen.",
  since: "Siden",
  updated: "Sidst opdateret",
  contact: "Kontakt",
  moreInformation: "Mere information",
  tryAgain: "Prøv igen",
  goBack: "Gå tilbage",
};

export const nb: PageTexts = {
  closed: {
    word: "Stengt",
    title: "Vedlikehold pågår",
    message: "Vi jobber med nettstedet akkurat nå. Det åpner igjen så snart vi er ferdige.",
  },
  "read-only": {
    word: "Kun lesing",
    title: "Det er ikke mulig å endre noe akkurat nå",
    message: "Du kan lese som vanlig. Så snart vi er ferdige, kan du gjøre endringer igjen.",
  },
  paused: {
    word: "Satt på pause",
    title: "Et øyeblikk",
    message: "Nettstedet er satt på pause en kort stund og fortsetter straks.",
  },
  expectedEnd: "Forventet slutt",
  timeLeft: "Tid igjen",
  soon: "Når som helst",
  returns: "Du kan la siden stå åpen. Nettstedet kommer tilbake her av seg selv.",
  notTaken: "Det du sendte, ble ikke lagret. Gå tilbake til det du skrev, og send det på nytt senere.",
  checkFirst:
    "Det du sendte, ble kanskje ikke lagret. Sjekk det først. Hvis ikke, gå tilbake til det du skrev, og send det på nytt senere.",
  open: "Nettstedet er åpent igjen.",
  since: "Siden",
  updated: "Sist oppdatert",
  contact: "Kontakt",
  moreInformation: "Mer informasjon",
  tryAgain: "Prøv igjen",
  goBack: "Gå tilbake",
};
