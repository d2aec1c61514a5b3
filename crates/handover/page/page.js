// The phone's side: chooses a set, sends photos one after the other as their own
// bytes, and says of each what the laptop made of it.
"use strict";

const WORDS = {
  zh: {
    opening: "正在连接电脑…", ready: "已连接。照片直接存到电脑，不经过网络平台。", sets: "照片放到哪里", camera: "拍照", files: "从手机里选照片",
    advice: "想保留拍摄位置，请先用手机相机拍好，再点“从手机里选照片”。", end: "完成，断开", ended: "已断开，可以关掉这个页面。", waiting: "等待发送", sending: "正在发送 {percent}%",
    kept: "✔ 已存到电脑", same: "✔ 电脑上已有这一张", taken: "拍摄于 {taken}", noTaken: "没有拍摄时间", place: "有位置", noPlace: "没有位置",
    lost: "联系不上电脑。请看电脑上的窗口是不是关了、手机是不是还在同一个 Wi-Fi；连上后再选这一张。", again: "点此重发",
    wrongToken: "这个二维码不对或已失效，请重新扫电脑上的码。", tokenUsed: "这个二维码已被另一部手机用过。请在电脑上换一个码再扫。", noSession: "连接已失效，请重新扫电脑上的码。", wrongAddress: "地址不对，请重新扫电脑上的码。",
    tooLarge: "这个文件太大，没有收。", tooMany: "这次收得太多了，请在电脑上重新打开。", tooSlow: "发送太慢断开了，请靠近热点再发。", brokenOff: "发送中断，没有收下，请重发。", unknownSet: "电脑上没有这个位置，请重新扫码。", other: "没有收下（{code}），请重发。",
  },
  en: {
    opening: "Connecting to the laptop…", ready: "Connected. Photos go straight to the laptop, through no service.", sets: "Where the photos go", camera: "Take a photo", files: "Choose photos on the phone",
    advice: "To keep where it was taken, take the photo with the phone's camera first, then choose it here.", end: "Done, disconnect", ended: "Disconnected. You may close this page.", waiting: "Waiting", sending: "Sending {percent}%",
    kept: "✔ On the laptop", same: "✔ Was on the laptop already", taken: "taken {taken}", noTaken: "no time in it", place: "with its place", noPlace: "no place in it",
    lost: "The laptop cannot be reached. Is its window still open, and the phone on the same Wi-Fi? Then choose this one again.", again: "Send again",
    wrongToken: "This QR code is wrong or over; please scan the laptop's again.", tokenUsed: "Another phone has used this QR code. Please make a new one on the laptop.", noSession: "The connection is over; please scan the laptop's code again.", wrongAddress: "Wrong address; please scan the laptop's code again.",
    tooLarge: "This file is too large and was not taken.", tooMany: "Too many at once; please open it anew on the laptop.", tooSlow: "Too slow; please go nearer to the hotspot and send it again.", brokenOff: "Broken off and not taken; please send it again.", unknownSet: "The laptop has no such place; please scan again.", other: "Not taken ({code}); please send it again.",
  },
};
const language = /^zh/i.test(navigator.language || "zh") ? "zh" : "en";
const word = (key, blanks = {}) => (WORDS[language][key] ?? WORDS[language].other).replace(/\{(\w+)\}/g, (blank, name) => blanks[name] ?? blank);
const at = (id) => document.getElementById(id);

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
for (const [id, key] of [["sets-label", "sets"], ["camera-label", "camera"], ["files-label", "files"], ["advice", "advice"], ["end", "end"]]) at(id).textContent = word(key);

function say(text, bad = false) {
  at("state").textContent = text;
  at("state").className = bad ? "bad" : "";
}

let longest = 0;
async function begin() {
  say(word("opening"));
  let response;
  try {
    response = await fetch("/do/begin", { method: "POST", headers: { "x-token": location.pathname.slice(1) } });
  } catch {
    say(word("lost"), true);
    return;
  }
  const answer = await response.json();
  if (!response.ok) {
    say(word(answer.code), true);
    return;
  }
  longest = answer.longest;
  at("title").textContent = answer.desk.title;
  document.title = answer.desk.title;
  for (const set of answer.desk.sets) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "set", value: set.name, checked: set.name === answer.desk.chosen });
    label.append(input, set[language]);
    at("sets").append(label);
  }
  at("sets").hidden = answer.desk.sets.length < 2;
  at("desk").hidden = false;
  say(word("ready"));
}

const queue = [];
let busy = false;
function add(files) {
  const set = document.querySelector("[name=set]:checked").value;
  for (const file of files) {
    const line = document.createElement("li");
    line.textContent = file.name;
    const state = document.createElement("small");
    state.textContent = word("waiting");
    line.append(state);
    at("list").prepend(line);
    queue.push({ file, set, line, state });
  }
  void work();
}

async function work() {
  if (busy) return;
  busy = true;
  for (let one = queue.shift(); one; one = queue.shift()) await send(one);
  busy = false;
}

function again(one) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word("again");
  button.addEventListener("click", () => {
    button.remove();
    queue.push(one);
    void work();
  });
  one.line.append(button);
}

// XMLHttpRequest, because fetch does not say how far it has come.
function send(one) {
  return new Promise((done) => {
    const refuse = (text, retry) => {
      one.state.textContent = text;
      one.state.className = "bad";
      if (retry) again(one);
      done();
    };
    if (one.file.size > longest) {
      refuse(word("tooLarge"), false);
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", "/do/photo");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-name", encodeURIComponent(one.file.name));
    request.setRequestHeader("x-set", one.set);
    request.upload.onprogress = (event) => (one.state.textContent = word("sending", { percent: Math.floor((event.loaded / event.total) * 100) }));
    request.onerror = () => refuse(word("lost"), true);
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { code: String(request.status) };
      }
      if (request.status !== 200) {
        refuse(answer[language] ?? word(answer.code in WORDS[language] ? answer.code : "other", { code: answer.code }), request.status !== 422);
        return;
      }
      one.state.className = "";
      one.state.textContent = [word(answer.same ? "same" : "kept"), answer.taken ? word("taken", { taken: answer.taken }) : word("noTaken"), word(answer.place ? "place" : "noPlace")].join(" · ");
      done();
    };
    request.send(one.file);
  });
}

for (const id of ["camera", "files"]) {
  at(id).addEventListener("change", () => {
    add([...at(id).files]);
    at(id).value = "";
  });
}
at("end").addEventListener("click", async () => {
  await fetch("/do/end", { method: "POST" }).catch(() => null);
  at("desk").hidden = true;
  say(word("ended"));
});
void begin();
