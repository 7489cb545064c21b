import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = site, closure = fechamento, exemption = exceção, bypass link = link de acesso, lockdown = bloqueio total, override =
 * substituição, store = armazenamento, history = histórico, token = token. Written as in Brazil; readers are addressed as “você”.
 */
export const pt = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Entrar",
  signOut: "Sair",
  password: "Senha",
  wrongPassword: "Senha incorreta. Tente de novo.",
  signedOut: "Você saiu.",
  applicationOnly: "Entre primeiro no aplicativo.",
  sites: "Sites",
  allSites: "Todos os sites",
  search: "Buscar",
  cancel: "Cancelar",
  beforeYouContinue: "Antes de continuar",
  messageForVisitors: "Mensagem para os visitantes",
  modes: { open: "Aberto", "read-only": "Somente leitura", paused: "Em pausa", closed: "Fechado" },
  refused: {
    ERR_UNAUTHENTICATED: "Sua sessão expirou. Entre de novo.",
    ERR_FORBIDDEN: "Você não tem permissão para fazer isso. Peça acesso a um administrador.",
    ERR_NOT_FOUND: "Este item não existe mais. Recarregue a página.",
    ERR_INVALID_REQUEST: "A solicitação não era válida. Recarregue a página e tente de novo.",
    ERR_UNKNOWN_SITE: "Este site não existe mais. Nada foi alterado.",
    ERR_TOO_MANY_REQUESTS: "Muitas tentativas. Espere um minuto e tente de novo.",
    ERR_CONFLICT: "Outra pessoa fez alterações nesse meio-tempo. Confira e tente de novo.",
    ERR_OVERRIDDEN:
      "Há uma substituição definida no servidor. Enquanto ela valer, nenhum site pode ser aberto ou fechado.",
    ERR_STORE_UNAVAILABLE:
      "O armazenamento não respondeu. Sua alteração pode não ter sido salva. Confira de novo daqui a pouco.",
    ERR_UNEXPECTED: "Ocorreu um erro no servidor. Veja os detalhes no log dele.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `Fechar ${id}`,
      all: "Fechar todos os sites",
      several: { one: "Fechar # site", other: "Fechar # sites" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `Fechar ${id}?`,
      all: "Fechar todos os sites?",
      several: { one: "Fechar # site?", other: "Fechar # sites?" },
    }),
  held: {
    command: "um comando em execução",
    by: ({ who, since }) => `Fechamento mantido por ${who} (início: ${since}).`,
    silent: (since) => `Sem sinal desde ${since}: o comando pode ter falhado.`,
    stops: "Se você continuar, o comando será interrompido.",
    anyway: "Continuar mesmo assim",
  },
  plain: {
    signedIn: "Você entrou.",
    signedInAs: (name) => `Você entrou como ${name}.`,
    tokensOnly: "A entrada com senha não está configurada.",
    notOpen: (count) =>
      plural(count, { one: "# dos seus sites não está aberto.", other: "# dos seus sites não estão abertos." }),
    opened: "Abertura concluída.",
    closed: "Fechamento concluído.",
    invalidForm: "Algo no formulário está faltando ou é longo demais. Nada foi alterado.",
    refused: "A solicitação foi recusada e nada foi alterado. Veja os detalhes no log do servidor.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Muitas tentativas. Tente de novo em # minuto.",
        other: "Muitas tentativas. Tente de novo em # minutos.",
      }),
    warning: "Aviso",
    site: "Site",
    ownSwitch: "Ajuste próprio",
    inForce: "O que os visitantes veem",
    until: ({ mode, end }) => `${mode} (fim: ${end})`,
    only: ({ mode, paths }) => `${mode} (somente ${paths})`,
    reason: "Motivo, visível no histórico",
    closeSelected: "Fechar os sites selecionados",
    openSelected: "Abrir os sites selecionados",
    moreSites: "Mais sites",
    willRead: (message) => `Os visitantes verão “${message}”.`,
    willReadBuiltIn: "Os visitantes verão a mensagem definida ou a página padrão.",
    untilOpened: "Isso vale até você abrir de novo.",
  },
});
