import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = sitio, closure = cierre, exemption = excepción, bypass link = enlace de acceso, lockdown = bloqueo total, override =
 * anulación, store = almacenamiento, history = historial, token = token. Readers are addressed as «usted».
 */
export const es = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Iniciar sesión",
  signOut: "Cerrar sesión",
  password: "Contraseña",
  wrongPassword: "Contraseña incorrecta. Inténtelo de nuevo.",
  signedOut: "Ha cerrado la sesión.",
  applicationOnly: "Inicie sesión primero en la aplicación.",
  sites: "Sitios",
  allSites: "Todos los sitios",
  search: "Buscar",
  cancel: "Cancelar",
  beforeYouContinue: "Antes de continuar",
  messageForVisitors: "Mensaje para los visitantes",
  modes: { open: "Abierto", "read-only": "Solo lectura", paused: "En pausa", closed: "Cerrado" },
  refused: {
    ERR_UNAUTHENTICATED: "Su sesión ha caducado. Inicie sesión de nuevo.",
    ERR_FORBIDDEN: "No tiene permiso para hacer esto. Pídaselo a un administrador.",
    ERR_NOT_FOUND: "Este elemento ya no existe. Vuelva a cargar la página.",
    ERR_INVALID_REQUEST: "La solicitud no era válida. Vuelva a cargar la página e inténtelo de nuevo.",
    ERR_UNKNOWN_SITE: "Este sitio ya no existe. No se ha cambiado nada.",
    ERR_TOO_MANY_REQUESTS: "Demasiados intentos. Espere un minuto e inténtelo de nuevo.",
    ERR_CONFLICT: "Otra persona ha hecho cambios mientras tanto. Revíselos e inténtelo de nuevo.",
    ERR_OVERRIDDEN:
      "Hay una anulación definida en el servidor. Mientras siga activa, no se puede abrir ni cerrar ningún sitio.",
    ERR_STORE_UNAVAILABLE:
      "El almacenamiento no ha respondido. Puede que su cambio no se haya guardado. Compruébelo dentro de un momento.",
    ERR_UNEXPECTED: "Se ha producido un error en el servidor. Consulte su registro para más detalles.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `Cerrar ${id}`,
      all: "Cerrar todos los sitios",
      several: { one: "Cerrar # sitio", other: "Cerrar # sitios" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `¿Cerrar ${id}?`,
      all: "¿Cerrar todos los sitios?",
      several: { one: "¿Cerrar # sitio?", other: "¿Cerrar # sitios?" },
    }),
  held: {
    command: "un comando en ejecución",
    by: ({ who, since }) => `Cierre retenido por ${who} desde ${since}.`,
    silent: (since) => `Sin señales desde ${since}: puede que el comando haya fallado.`,
    stops: "Si continúa, el comando se detendrá.",
    anyway: "Continuar de todos modos",
  },
  plain: {
    signedIn: "Ha iniciado sesión.",
    signedInAs: (name) => `Sesión iniciada como ${name}.`,
    tokensOnly: "El inicio de sesión con contraseña no está configurado.",
    notOpen: (count) =>
      plural(count, { one: "# de sus sitios no está abierto.", other: "# de sus sitios no están abiertos." }),
    opened: "Apertura realizada.",
    closed: "Cierre realizado.",
    invalidForm: "Falta algo en el formulario o es demasiado largo. No se ha cambiado nada.",
    refused: "La solicitud se ha rechazado y no se ha cambiado nada. Consulte el registro del servidor.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Demasiados intentos. Inténtelo de nuevo dentro de # minuto.",
        other: "Demasiados intentos. Inténtelo de nuevo dentro de # minutos.",
      }),
    warning: "Advertencia",
    site: "Sitio",
    ownSwitch: "Ajuste propio",
    inForce: "Lo que ven los visitantes",
    until: ({ mode, end }) => `${mode} (fin: ${end})`,
    only: ({ mode, paths }) => `${mode} (solo ${paths})`,
    reason: "Motivo, visible en el historial",
    closeSelected: "Cerrar los sitios seleccionados",
    openSelected: "Abrir los sitios seleccionados",
    moreSites: "Más sitios",
    willRead: (message) => `Los visitantes verán «${message}».`,
    willReadBuiltIn: "Los visitantes verán el mensaje definido o la página integrada.",
    untilOpened: "Se aplica hasta que se vuelva a abrir.",
  },
});
