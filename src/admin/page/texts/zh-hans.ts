import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = 网站, closure = 关闭, exemption = 例外, bypass link = 访问链接, lockdown = 完全关闭, override = 强制设置, store = 存储,
 * history = 历史记录, token = 令牌. Readers are addressed as 您.
 */
export const zhHans = ({ plural, on }: Words): SharedTexts => ({
  signIn: "登录",
  signOut: "退出登录",
  password: "密码",
  wrongPassword: "密码不正确，请重试。",
  signedOut: "您已退出登录。",
  applicationOnly: "请先登录应用。",
  sites: "网站",
  allSites: "所有网站",
  search: "搜索",
  cancel: "取消",
  beforeYouContinue: "继续之前",
  messageForVisitors: "给访问者的消息",
  modes: { open: "已开放", "read-only": "只读", paused: "已暂停", closed: "已关闭" },
  refused: {
    ERR_UNAUTHENTICATED: "您的会话已结束，请重新登录。",
    ERR_FORBIDDEN: "您没有执行此操作的权限，请向管理员申请。",
    ERR_NOT_FOUND: "该内容已不存在，请重新加载页面。",
    ERR_INVALID_REQUEST: "请求无效，请重新加载页面后重试。",
    ERR_UNKNOWN_SITE: "该网站已不存在，未做任何更改。",
    ERR_TOO_MANY_REQUESTS: "尝试次数过多，请等待一分钟后重试。",
    ERR_CONFLICT: "其他用户已在此期间做了更改，请查看后重试。",
    ERR_OVERRIDDEN: "服务器上有强制设置。解除之前，无法开放或关闭网站。",
    ERR_STORE_UNAVAILABLE: "存储没有响应，您的更改可能未保存，请稍后再次查看。",
    ERR_UNEXPECTED: "服务器发生错误，详情请查看服务器日志。",
  },
  close: (target) =>
    on(target, { site: (id) => `关闭 ${id}`, all: "关闭所有网站", several: { other: "关闭 # 个网站" } }),
  askClose: (target) =>
    on(target, {
      site: (id) => `要关闭 ${id} 吗？`,
      all: "要关闭所有网站吗？",
      several: { other: "要关闭 # 个网站吗？" },
    }),
  held: {
    command: "正在运行的命令",
    by: ({ who, since }) => `自 ${since} 起由 ${who} 保持关闭。`,
    silent: (since) => `自 ${since} 起没有响应：命令可能已崩溃。`,
    stops: "如果继续，命令将被停止。",
    anyway: "仍然继续",
  },
  plain: {
    signedIn: "您已登录。",
    signedInAs: (name) => `当前登录身份：${name}。`,
    tokensOnly: "未设置密码登录。",
    notOpen: (count) => plural(count, { other: "您有 # 个网站未开放。" }),
    opened: "已开放网站。",
    closed: "已关闭网站。",
    invalidForm: "表单中有内容缺失或过长，未做任何更改。",
    refused: "请求被拒绝，未做任何更改。详情请查看服务器日志。",
    tooManyAttempts: (minutes) => plural(minutes, { other: "尝试次数过多，请在 # 分钟后重试。" }),
    warning: "警告",
    site: "网站",
    ownSwitch: "网站自身设置",
    inForce: "访问者看到的状态",
    until: ({ mode, end }) => `${mode}，至 ${end}`,
    only: ({ mode, paths }) => `${mode}（仅 ${paths}）`,
    reason: "原因（显示在历史记录中）",
    closeSelected: "关闭所选网站",
    openSelected: "开放所选网站",
    moreSites: "更多网站",
    willRead: (message) => `访问者将看到“${message}”。`,
    willReadBuiltIn: "访问者将看到已设置的消息或内置页面。",
    untilOpened: "在您重新开放之前一直有效。",
  },
});
