import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

/**
 * Words: site = サイト, closure = 停止, exemption = 例外, bypass link = アクセスリンク, lockdown = 完全停止, override = 強制設定, store = ストア,
 * history = 履歴, token = トークン. Sentences end in です・ます, buttons are nouns or plain verbs.
 */
export const ja = ({ plural, on }: Words): SharedTexts => ({
  signIn: "ログイン",
  signOut: "ログアウト",
  password: "パスワード",
  wrongPassword: "パスワードが正しくありません。もう一度お試しください。",
  signedOut: "ログアウトしました。",
  applicationOnly: "先にアプリケーションにログインしてください。",
  sites: "サイト",
  allSites: "すべてのサイト",
  search: "検索",
  cancel: "キャンセル",
  beforeYouContinue: "続ける前に",
  messageForVisitors: "訪問者へのメッセージ",
  modes: { open: "公開中", "read-only": "閲覧のみ", paused: "一時停止中", closed: "停止中" },
  refused: {
    ERR_UNAUTHENTICATED: "セッションが終了しました。もう一度ログインしてください。",
    ERR_FORBIDDEN: "この操作を行う権限がありません。管理者に依頼してください。",
    ERR_NOT_FOUND: "対象はもう存在しません。ページを再読み込みしてください。",
    ERR_INVALID_REQUEST: "リクエストが無効です。ページを再読み込みして、もう一度お試しください。",
    ERR_UNKNOWN_SITE: "このサイトはもう存在しません。何も変更されていません。",
    ERR_TOO_MANY_REQUESTS: "試行回数が多すぎます。1 分待ってから、もう一度お試しください。",
    ERR_CONFLICT: "その間に別のユーザーが変更しました。内容を確認してから、もう一度お試しください。",
    ERR_OVERRIDDEN: "サーバーに強制設定があります。解除されるまで、サイトの公開や停止はできません。",
    ERR_STORE_UNAVAILABLE:
      "ストアが応答しませんでした。変更が保存されていない可能性があります。少し後に確認してください。",
    ERR_UNEXPECTED: "サーバーでエラーが発生しました。詳しくはサーバーのログをご覧ください。",
  },
  close: (target) =>
    on(target, {
      site: (id) => `${id} を停止`,
      all: "すべてのサイトを停止",
      several: { other: "# 件のサイトを停止" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `${id} を停止しますか？`,
      all: "すべてのサイトを停止しますか？",
      several: { other: "# 件のサイトを停止しますか？" },
    }),
  held: {
    command: "実行中のコマンド",
    by: ({ who, since }) => `${who} が ${since} から停止状態を維持しています。`,
    silent: (since) => `${since} から応答がありません。コマンドが異常終了した可能性があります。`,
    stops: "続けると、コマンドは中止されます。",
    anyway: "それでも続ける",
  },
  plain: {
    signedIn: "ログインしました。",
    signedInAs: (name) => `${name} としてログインしています。`,
    tokensOnly: "パスワードでのログインは設定されていません。",
    notOpen: (count) => plural(count, { other: "公開中でないサイト: # 件" }),
    opened: "公開しました。",
    closed: "停止しました。",
    invalidForm: "フォームに不足しているか、長すぎる項目があります。何も変更されていません。",
    refused: "リクエストは拒否され、何も変更されていません。詳しくはサーバーのログをご覧ください。",
    tooManyAttempts: (minutes) => plural(minutes, { other: "試行回数が多すぎます。# 分後にもう一度お試しください。" }),
    warning: "警告",
    site: "サイト",
    ownSwitch: "サイト自身の設定",
    inForce: "訪問者への表示",
    until: ({ mode, end }) => `${mode} (${end} まで)`,
    only: ({ mode, paths }) => `${mode} (${paths} のみ)`,
    reason: "理由 (履歴に表示されます)",
    closeSelected: "選択したサイトを停止",
    openSelected: "選択したサイトを公開",
    moreSites: "ほかのサイト",
    willRead: (message) => `訪問者には「${message}」と表示されます。`,
    willReadBuiltIn: "訪問者には、設定済みのメッセージまたは標準のページが表示されます。",
    untilOpened: "再び公開するまで続きます。",
  },
});
