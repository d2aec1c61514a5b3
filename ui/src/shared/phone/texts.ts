/** Photos from a phone on the same Wi-Fi. */
export default {
  zh: {
    open: "手机拍照", title: "用手机把照片存到“{title}”", stepNetwork: "手机和这台电脑连同一个 Wi-Fi，或让电脑连手机的热点；不用上网，不用装软件。", stepScan: "用手机相机或微信扫这个码，打开网页。", stepSend: "在网页上拍照或选照片，原图带着拍摄信息直接存到这里。",
    qr: "二维码，地址 {url}", address: "扫不了码时，在手机浏览器里输入：", otherAddress: "手机打不开时换一个地址", waiting: "等手机扫码…", connected: "✔ 手机已连接，可以拍了。", coming: "正在接收 {name}：{bytes} / {of}", kept: "✔ 已存 {name}", same: "✔ 已有 {name}", notKept: "✘ {name}：{why}", count: "共收到 {count} 张",
    ended_phone: "手机点了完成，连接已断开，共收到 {count} 张。", ended_time: "很久没有照片来，已自动断开，共收到 {count} 张。", ended_laptop: "已断开，共收到 {count} 张。", again: "换一个码", done: "完成", firewall: "第一次用时，Windows 可能问是否允许访问网络，请选“允许”。",
  },
  en: {
    open: "Phone photos", title: "Photos from a phone into “{title}”", stepNetwork: "Put phone and laptop on the same Wi-Fi, or the laptop on the phone's hotspot. No internet and no app are needed.", stepScan: "Scan this code with the phone's camera to open the page.", stepSend: "Take or choose photos there; originals come straight here with all that the camera wrote.",
    qr: "QR code of {url}", address: "If it cannot be scanned, type into the phone's browser:", otherAddress: "Another address, if the phone cannot open it", waiting: "Waiting for the phone…", connected: "✔ The phone is connected.", coming: "Receiving {name}: {bytes} / {of}", kept: "✔ {name} is here", same: "✔ {name} was here already", notKept: "✘ {name}: {why}", count: "{count} received",
    ended_phone: "The phone is done; {count} were received.", ended_time: "Nothing came for long, so it was closed; {count} were received.", ended_laptop: "Closed; {count} were received.", again: "New code", done: "Done", firewall: "Windows may ask once whether the program may use the network; please allow it.",
  },
};
