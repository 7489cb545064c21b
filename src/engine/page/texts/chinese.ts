import type { PageTexts } from "../texts.ts";

export const simplified: PageTexts = {
  closed: {
    word: "已关闭",
    title: "网站维护中",
    message: "我们正在维护本网站，完成后会立即重新开放。",
  },
  "read-only": {
    word: "只读",
    title: "目前无法进行更改",
    message: "您可以照常阅读。维护完成后即可再次进行更改。",
  },
  paused: {
    word: "已暂停",
    title: "请稍候",
    message: "网站暂停片刻，很快就会恢复。",
  },
  expectedEnd: "预计结束时间",
  timeLeft: "剩余时间",
  soon: "即将恢复",
  returns: "您可以保留此页面，网站开放后会自动返回。",
  notTaken: "您发送的内容未保存。请返回查看已填写的内容，稍后再提交。",
  checkFirst: "您发送的内容可能未保存。请先确认。如未保存，请返回查看已填写的内容，稍后再提交。",
  open: "网站已重新开放。",
  since: "开始时间",
  updated: "最近更新",
  contact: "联系方式",
  moreInformation: "更多信息",
  tryAgain: "重试",
  goBack: "返回",
};

export const traditional: PageTexts = {
  closed: {
    word: "已關閉",
    title: "網站維護中",
    message: "我們正在維護本網站，完成後會立即重新開放。",
  },
  "read-only": {
    word: "唯讀",
    title: "目前無法進行變更",
    message: "您可以照常閱讀。維護完成後即可再次進行變更。",
  },
  paused: {
    word: "已暫停",
    title: "請稍候",
    message: "網站暫停片刻，很快就會恢復。",
  },
  expectedEnd: "預計結束時間",
  timeLeft: "剩餘時間",
  soon: "即將恢復",
  returns: "您可以保留此頁面，網站開放後會自動返回。",
  notTaken: "您送出的內容未儲存。請返回查看已填寫的內容，稍後再送出。",
  checkFirst: "您送出的內容可能未儲存。請先確認。如未儲存，請返回查看已填寫的內容，稍後再送出。",
  open: "網站已重新開放。",
  since: "開始時間",
  updated: "最近更新",
  contact: "聯絡方式",
  moreInformation: "更多資訊",
  tryAgain: "重試",
  goBack: "返回",
};
