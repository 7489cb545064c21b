import type { PageTexts } from "../texts.ts";

export const es: PageTexts = {
  closed: {
    word: "Cerrado",
    title: "Mantenimiento en curso",
    message: "Estamos trabajando en este sitio. Volverá a abrir en cuanto terminemos.",
  },
  "read-only": {
    word: "Solo lectura",
    title: "Ahora no se pueden hacer cambios",
    message: "Puede leer como siempre. En cuanto terminemos, podrá volver a hacer cambios.",
  },
  paused: {
    word: "En pausa",
    title: "Un momento, por favor",
    message: "El sitio está en pausa y sigue enseguida.",
  },
  expectedEnd: "Fin previsto",
  timeLeft: "Tiempo restante",
  soon: "En cualquier momento",
  returns: "Puede dejar esta página abierta. El sitio volverá aquí por sí solo.",
  notTaken: "Lo que envió no se ha guardado. Vuelva a lo que escribió y envíelo de nuevo más tarde.",
  checkFirst:
    "Puede que lo que envió no se haya guardado. Compruébelo primero. Si no se guardó, vuelva a lo que escribió y envíelo de nuevo más tarde.",
  open: "El sitio está abierto de nuevo.",
  since: "Desde",
  updated: "Última actualización",
  contact: "Contacto",
  moreInformation: "Más información",
  tryAgain: "Reintentar",
  goBack: "Volver",
};

export const fr: PageTexts = {
  closed: {
    word: "Fermé",
    title: "Maintenance en cours",
    message: "Nous travaillons sur ce site. Il rouvrira dès que nous aurons terminé.",
  },
  "read-only": {
    word: "Lecture seule",
    title: "Modifications impossibles pour le moment",
    message:
      "La lecture reste possible comme d’habitude. Les modifications le seront de nouveau dès que nous aurons terminé.",
  },
  paused: {
    word: "En pause",
    title: "Un instant, s’il vous plaît",
    message: "Le site est en pause et reprend dans un instant.",
  },
  expectedEnd: "Fin prévue",
  timeLeft: "Temps restant",
  soon: "D’un instant à l’autre",
  returns: "Vous pouvez laisser cette page ouverte. Le site y reviendra de lui-même.",
  notTaken:
    "Ce que vous avez envoyé n’a pas été enregistré. Revenez à votre saisie et envoyez-la de nouveau plus tard.",
  checkFirst:
    "Ce que vous avez envoyé n’a peut-être pas été enregistré. Vérifiez-le d’abord. Sinon, revenez à votre saisie et envoyez-la de nouveau plus tard.",
  open: "Le site est de nouveau ouvert.",
  since: "Depuis",
  updated: "Dernière mise à jour",
  contact: "Nous contacter",
  moreInformation: "Plus d’informations",
  tryAgain: "Réessayer",
  goBack: "Retour",
};

export const it: PageTexts = {
  closed: {
    word: "Chiuso",
    title: "Manutenzione in corso",
    message: "Stiamo lavorando su questo sito. Riaprirà appena avremo finito.",
  },
  "read-only": {
    word: "Sola lettura",
    title: "Al momento non è possibile fare modifiche",
    message: "Si può leggere come sempre. Appena avremo finito, si potranno fare di nuovo modifiche.",
  },
  paused: {
    word: "In pausa",
    title: "Un momento, per favore",
    message: "Il sito è in pausa e riprende tra poco.",
  },
  expectedEnd: "Fine prevista",
  timeLeft: "Tempo rimanente",
  soon: "Da un momento all’altro",
  returns: "Puoi lasciare aperta questa pagina. Il sito tornerà qui da solo.",
  notTaken: "Ciò che hai inviato non è stato salvato. Torna a ciò che hai inserito e invialo di nuovo più tardi.",
  checkFirst:
    "Ciò che hai inviato potrebbe non essere stato salvato. Verificalo prima. In caso contrario, torna a ciò che hai inserito e invialo di nuovo più tardi.",
  open: "Il sito è di nuovo aperto.",
  since: "Dal",
  updated: "Ultimo aggiornamento",
  contact: "Contatti",
  moreInformation: "Maggiori informazioni",
  tryAgain: "Riprova",
  goBack: "Indietro",
};

/** In words that are usual both in Portugal and in Brazil. */
export const pt: PageTexts = {
  closed: {
    word: "Fechado",
    title: "Em manutenção",
    message: "Este site passa por uma manutenção e volta a abrir assim que terminarmos.",
  },
  "read-only": {
    word: "Somente leitura",
    title: "Não é possível fazer alterações agora",
    message: "A leitura continua normal. Assim que terminarmos, será possível fazer alterações de novo.",
  },
  paused: {
    word: "Em pausa",
    title: "Um momento, por favor",
    message: "O site está em pausa e continua em instantes.",
  },
  expectedEnd: "Fim previsto",
  timeLeft: "Tempo restante",
  soon: "A qualquer momento",
  returns: "Pode deixar esta página aberta. O site volta aqui sozinho.",
  notTaken: "O que enviou não foi gravado. Volte ao que preencheu e envie de novo mais tarde.",
  checkFirst:
    "O que enviou pode não ter sido gravado. Verifique primeiro. Se não foi, volte ao que preencheu e envie de novo mais tarde.",
  open: "O site está aberto de novo.",
  since: "Desde",
  updated: "Última atualização",
  contact: "Contacto",
  moreInformation: "Mais informações",
  tryAgain: "Tentar de novo",
  goBack: "Voltar",
};
