/** First start and unlocking. */
export default {
  zh: {
    title: "登记这台电脑", intro: "请把区里发的注册码粘贴到这里。登记要连一次网，以后没有网也能用。",
    code: "注册码", codeHint: "NH1-…", name: "您的姓名", pin: "PIN", again: "再输一遍 PIN", differs: "两次输入的 PIN 不一样。", pinHint: "每次打开都要输入。记录都用它加密，忘记了只能用恢复密钥打开。",
    enrol: "登记", keyTitle: "恢复密钥", keyWhy: "忘记 PIN 时，只有它能打开这台电脑上的记录。只显示这一次：请抄下或打印，锁在柜子里。", keyOwner: "{name} · 本机字母 {letter}", keyKept: "我已抄下或打印，并收好", print: "打印", enter: "进入台账",
    locked: "{person}，请输入 PIN", unlock: "打开",
  },
  en: {
    title: "Enrol this laptop", intro: "Paste the enrolment code that the district gave you. Enrolling needs the network once; after that everything works without it.",
    code: "Enrolment code", codeHint: "NH1-…", name: "Your name", pin: "PIN", again: "PIN again", differs: "The two PINs differ.", pinHint: "Asked whenever you open the program. It encrypts the records; if you forget it, only the recovery key opens them.",
    enrol: "Enrol", keyTitle: "Recovery key", keyWhy: "If the PIN is forgotten, only this opens the records on this laptop. It is shown once: write it down or print it, and lock it away.", keyOwner: "{name} · letter of this laptop: {letter}", keyKept: "I have written it down or printed it, and put it away", print: "Print", enter: "Open the ledger",
    locked: "{person}, please enter your PIN", unlock: "Open",
  },
};
