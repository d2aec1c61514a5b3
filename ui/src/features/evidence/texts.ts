/** Photos as evidence: one spot before, during and after; facts; findings and their answers. */
export default {
  zh: {
    spots: "同一点位的整治前、中、后", before: "整治前", during: "整治中", after: "整治后", noPhoto: "没有照片", facing: "朝向：{direction}", newSpot: "新建点位", noSpots: "还没有点位。建一个点位，把同一处整治前、中、后的照片放在一起比。", openSpot: "打开点位",
    slider: "左右拖动比较", left: "左边", right: "右边", 
    noVillagePhotos: "这个村还没有照片。在工程或点位里放照片，这里按时间排好。", undated: "没有拍摄时间", photoCount: "{count} 张", taken: "拍摄时间", place: "位置", camera: "相机", size: "大小", none: "没有写", notHere: "原图不在本机", stated: "照片自己写明坐标系", assumed: "照片没写坐标系，按 WGS-84", accuracy: "误差约 {metres} 米", noExif: "没有 EXIF 信息",
    odd_positionZero: "位置写的是 0,0", odd_positionBroken: "位置写坏了", odd_timeImpossible: "时间不可能", odd_exifDamaged: "EXIF 损坏", odd_cutShort: "文件不完整",
    findings: "照片检查（{count} 处待看）", noFindings: "照片没有需要再看的地方。", unseen: "还有 {count} 张没有看过，或原图不在本机。", accept: "认可", acceptAsk: "写明为什么可以认可", acceptHint: "如 两处工程共用这张现场照片", accepted: "✔ {by} {at} 认可：{remark}", reopen: "撤回认可", moreAlike: "还有 {count} 处同样的，再看一些", acceptAll: "这 {count} 处一并认可", severity_block: "要改", severity_warn: "请看", look: "看照片",
    rule_photoTwice: "同一张用了两次", rule_photoAlike: "几乎一样", rule_photoOutsideDates: "不在工期内", rule_photoFarAway: "离工程太远", rule_photoWithoutExif: "没有拍摄信息", rule_photoEdited: "被编辑过", rule_photoOdd: "信息不合理", rule_photoClock: "相机时间不准", rule_photoMissing: "缺照片",
    takeFiles: "选文件…", takeFolder: "选文件夹…", took: "已收 {taken} 张，原来就有 {same} 张，不是照片 {passedOver} 个，不能收 {refused} 个。", tookStopped: "已停下，收好的都在。",
  },
  en: {
    spots: "One spot before, during and after", before: "Before", during: "During", after: "After", noPhoto: "No photo", facing: "Facing {direction}", newSpot: "New spot", noSpots: "No spot yet. Make one to compare its photos before, during and after.", openSpot: "Open the spot",
    slider: "Drag to compare", left: "Left", right: "Right", 
    noVillagePhotos: "No photos of this village yet. Take some in at a works or a spot, and they stand here by time.", undated: "Without a date", photoCount: "{count} photos", taken: "Taken", place: "Place", camera: "Camera", size: "Size", none: "not written", notHere: "The original is not on this laptop", stated: "system stated by the photo", assumed: "no system stated, taken as WGS-84", accuracy: "within about {metres} m", noExif: "No EXIF",
    odd_positionZero: "the position is 0,0", odd_positionBroken: "the position is broken", odd_timeImpossible: "the time cannot be", odd_exifDamaged: "EXIF is damaged", odd_cutShort: "the file is cut short",
    findings: "Photo findings ({count} open)", noFindings: "Nothing about the photos needs a second look.", unseen: "{count} were not looked at yet, or are not on this laptop.", accept: "Accept", acceptAsk: "Say why it can be accepted", acceptHint: "Such as: two works share this photo of the site", accepted: "✔ Accepted by {by} {at}: {remark}", reopen: "Take back", moreAlike: "{count} more of the same; show some", acceptAll: "Accept these {count} together", severity_block: "To mend", severity_warn: "Look", look: "See the photo",
    rule_photoTwice: "Used twice", rule_photoAlike: "Nearly the same", rule_photoOutsideDates: "Outside the dates", rule_photoFarAway: "Too far away", rule_photoWithoutExif: "No camera data", rule_photoEdited: "Edited", rule_photoOdd: "Cannot be so", rule_photoClock: "Camera clock off", rule_photoMissing: "Photos missing",
    takeFiles: "Choose files…", takeFolder: "Choose a folder…", took: "{taken} taken in, {same} were here already, {passedOver} are no photos, {refused} not taken.", tookStopped: "Stopped; what was taken stays.",
  },
};
