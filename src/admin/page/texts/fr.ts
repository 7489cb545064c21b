import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = site, closure = fermeture, exemption = exception, bypass link = lien d’accès, lockdown = verrouillage, override = forçage,
 * store = stockage, history = historique, token = jeton. Readers are addressed as « vous ».
 */
export const fr = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Se connecter",
  signOut: "Se déconnecter",
  password: "Mot de passe",
  wrongPassword: "Mot de passe incorrect. Réessayez.",
  signedOut: "Vous êtes déconnecté.",
  applicationOnly: "Connectez-vous d’abord à l’application.",
  sites: "Sites",
  allSites: "Tous les sites",
  search: "Rechercher",
  cancel: "Annuler",
  beforeYouContinue: "Avant de continuer",
  messageForVisitors: "Message aux visiteurs",
  modes: { open: "Ouvert", "read-only": "Lecture seule", paused: "En pause", closed: "Fermé" },
  refused: {
    ERR_UNAUTHENTICATED: "Votre session a expiré. Reconnectez-vous.",
    ERR_FORBIDDEN: "Vous n’avez pas l’autorisation nécessaire. Demandez-la à un administrateur.",
    ERR_NOT_FOUND: "Cet élément n’existe plus. Rechargez la page.",
    ERR_INVALID_REQUEST: "La requête n’était pas valide. Rechargez la page et réessayez.",
    ERR_UNKNOWN_SITE: "Ce site n’existe plus. Rien n’a été modifié.",
    ERR_TOO_MANY_REQUESTS: "Trop de tentatives. Attendez une minute, puis réessayez.",
    ERR_CONFLICT: "Une autre personne a modifié ces données entre-temps. Vérifiez sa modification, puis réessayez.",
    ERR_OVERRIDDEN:
      "Un forçage est défini sur le serveur. Tant qu’il est actif, aucun site ne peut être ouvert ni fermé.",
    ERR_STORE_UNAVAILABLE:
      "Le stockage n’a pas répondu. Votre modification n’a peut-être pas été enregistrée. Vérifiez dans un instant.",
    ERR_UNEXPECTED: "Une erreur s’est produite sur le serveur. Consultez son journal pour en savoir plus.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `Fermer ${id}`,
      all: "Fermer tous les sites",
      several: { one: "Fermer # site", other: "Fermer # sites" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `Fermer ${id} ?`,
      all: "Fermer tous les sites ?",
      several: { one: "Fermer # site ?", other: "Fermer # sites ?" },
    }),
  held: {
    command: "une commande en cours",
    by: ({ who, since }) => `Fermeture maintenue par ${who} depuis ${since}.`,
    silent: (since) => `Aucun signe depuis ${since} : la commande a peut-être échoué.`,
    stops: "Si vous continuez, la commande sera arrêtée.",
    anyway: "Continuer quand même",
  },
  plain: {
    signedIn: "Vous êtes connecté.",
    signedInAs: (name) => `Connecté en tant que ${name}.`,
    tokensOnly: "La connexion par mot de passe n’est pas configurée.",
    notOpen: (count) =>
      plural(count, { one: "# de vos sites n’est pas ouvert.", other: "# de vos sites ne sont pas ouverts." }),
    opened: "Ouverture effectuée.",
    closed: "Fermeture effectuée.",
    invalidForm: "Un champ du formulaire est manquant ou trop long. Rien n’a été modifié.",
    refused: "La requête a été refusée et rien n’a été modifié. Consultez le journal du serveur pour en savoir plus.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Trop de tentatives. Réessayez dans # minute.",
        other: "Trop de tentatives. Réessayez dans # minutes.",
      }),
    warning: "Avertissement",
    site: "Site",
    ownSwitch: "Réglage du site",
    inForce: "Ce que voient les visiteurs",
    until: ({ mode, end }) => `${mode} (fin : ${end})`,
    only: ({ mode, paths }) => `${mode} (seulement ${paths})`,
    reason: "Motif, affiché dans l’historique",
    closeSelected: "Fermer les sites sélectionnés",
    openSelected: "Ouvrir les sites sélectionnés",
    moreSites: "Plus de sites",
    willRead: (message) => `Les visiteurs verront « ${message} ».`,
    willReadBuiltIn: "Les visiteurs verront le message défini ou la page intégrée.",
    untilOpened: "Cela s’applique jusqu’à la réouverture.",
  },
});
