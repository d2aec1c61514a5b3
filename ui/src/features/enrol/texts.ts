/** First start and unlocking. */
export default {
  zh: {
    title: "登记这台电脑", intro: "请把区里发的注册码粘贴到这里，或选二维码的图片。登记要连一次网，以后没有网也能用。",
    code: "注册码", picture: "从二维码图片读取…", pictureHint: "聊天里收到的截图、打印件的照片都可以。", codeHint: "NH1-…", name: "您的姓名", pin: "PIN", again: "再输一遍 PIN", differs: "两次输入的 PIN 不一样。", pinHint: "每次打开都要输入。记录都用它加密，忘记了只能用恢复密钥打开。",
    byLine: "联网登记", byStick: "没有网络：用U盘", introStick: "填好后写一份登记申请到U盘，带到区里；区里写好回执，带回来在这里读。注册码本身不会写到U盘上。", writeRequest: "写登记申请…", requestName: "登记申请-{name}.nhe",
    asked: "申请已写到 {file}。请把它带到区里，等区里写好回执，带回来在这里读。", goOn: "下一步",
    waitTitle: "{person}，等区里的回执", waitHow: "登记申请已写好。把区里写的回执（.nhb）带回来，选中它，输入刚才设的 PIN。", reply: "区里的回执", readReply: "读回执并登记", askAnew: "重新写申请",
    enrol: "登记", keyTitle: "恢复密钥", keyWhy: "忘记 PIN 时，只有它能打开这台电脑上的记录。只显示这一次：请抄下或打印，锁在柜子里。", keyOwner: "{name} · 本机字母 {letter}", keyHow: "用法：打开时点“忘记 PIN”，输入这串字符，再设新的 PIN。大小写和短横线不用管。", keyKept: "我已抄下或打印，并收好", print: "打印", enter: "进入台账",
    locked: "{person}，请输入 PIN", unlock: "打开", forgotten: "忘记 PIN？", forgottenTitle: "用恢复密钥设新的 PIN", forgottenHow: "登记时打印或抄下的那一串字符。记录都在，只换 PIN。", newPin: "新的 PIN", setPin: "设好并打开", back: "返回",
  },
  en: {
    title: "Enrol this laptop", intro: "Paste the enrolment code that the district gave you, or choose a picture of its QR code. Enrolling needs the network once; after that everything works without it.",
    code: "Enrolment code", picture: "Read from a QR picture…", pictureHint: "A screenshot from a chat or a photo of the printed sheet will do.", codeHint: "NH1-…", name: "Your name", pin: "PIN", again: "PIN again", differs: "The two PINs differ.", pinHint: "Asked whenever you open the program. It encrypts the records; if you forget it, only the recovery key opens them.",
    byLine: "Over the network", byStick: "No network: by a stick", introStick: "Fill this in, write a request on a stick and take it to the district; bring back the reply and read it here. The code itself is not written on the stick.", writeRequest: "Write the request…", requestName: "enrolment-{name}.nhe",
    asked: "The request is in {file}. Please take it to the district, and bring the reply that is written there back to be read here.", goOn: "Next",
    waitTitle: "{person}, waiting for the district’s reply", waitHow: "The request is written. Bring the district’s reply (.nhb), choose it, and type the PIN that you have just set.", reply: "The district’s reply", readReply: "Read the reply and enrol", askAnew: "Write another request",
    enrol: "Enrol", keyTitle: "Recovery key", keyWhy: "If the PIN is forgotten, only this opens the records on this laptop. It is shown once: write it down or print it, and lock it away.", keyOwner: "{name} · letter of this laptop: {letter}", keyHow: "To use it, choose “Forgot the PIN?” when opening, type this, and set another PIN. Capitals and dashes do not matter.", keyKept: "I have written it down or printed it, and put it away", print: "Print", enter: "Open the ledger",
    locked: "{person}, please enter your PIN", unlock: "Open", forgotten: "Forgot the PIN?", forgottenTitle: "Set another PIN with the recovery key", forgottenHow: "The characters that were printed or written down at enrolment. The records are all here; only the PIN changes.", newPin: "New PIN", setPin: "Set and open", back: "Back",
  },
};
