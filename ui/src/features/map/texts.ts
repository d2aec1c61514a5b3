/** The map without a network: points, boundaries with their number, and what lies near. */
export default {
  zh: {
    layers: "图上显示", village: "行政村", works: "整治工程", facility: "设施", spot: "照片点位", photo: "照片", boundaries: "边界", approval: "审图号：{numbers}", noBoundary: "还没有边界。区里可以装入有审图号的边界文件，本程序不自带。", notHere: "边界文件还不在本机",
    load: "装入边界…", loadTitle: "装入边界文件", file: "GeoJSON 文件", name: "名称", number: "审图号", numberHint: "照原图写，如 苏S(2024)12号", origin: "来源", loadIt: "检查并装入",
    zoomIn: "放大", zoomOut: "缩小", whole: "看全部", none: "还没有带位置的记录。在村、工程的表单里填上位置，或添加带位置的照片，就会出现在这里。", here: "这一点", nearest: "最近的村", metres: "{metres} 米", kilometres: "{km} 公里", wgs: "WGS-84 {lon}, {lat}", gcj: "GCJ-02 {lon}, {lat}", within: "在 {names} 内", at: "点选的位置上（{count}）", photoOf: "照片：{title}", canvas: "地图：拖动平移，滚轮或加减键缩放，方向键移动，点一下查看", list: "图上的记录",
  },
  en: {
    layers: "Shown", village: "Villages", works: "Works", facility: "Facilities", spot: "Photo spots", photo: "Photos", boundaries: "Boundaries", approval: "Map approval: {numbers}", noBoundary: "No boundary yet. The district may load a file with its approval number; none ships with the program.", notHere: "the file is not on this laptop",
    load: "Load a boundary…", loadTitle: "Load a boundary file", file: "GeoJSON file", name: "Name", number: "Approval number", numberHint: "As the map has it", origin: "Source", loadIt: "Check and load",
    zoomIn: "Closer", zoomOut: "Farther", whole: "Show all", none: "No record has a place yet. Fill in the place of a village or works, or add photos that have one.", here: "This point", nearest: "Nearest village", metres: "{metres} m", kilometres: "{km} km", wgs: "WGS-84 {lon}, {lat}", gcj: "GCJ-02 {lon}, {lat}", within: "Within {names}", at: "At this place ({count})", photoOf: "Photo: {title}", canvas: "Map: drag to move, wheel or plus and minus to zoom, arrow keys to move, click to ask", list: "Records on the map",
  },
};
