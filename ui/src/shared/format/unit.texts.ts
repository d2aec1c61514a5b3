/** The measure words of the catalog in English; what is merely counted needs none. Signs (m², t/d) are nobody's language. */
export const MEASURES: Record<string, string> = {
  户: "households",
  人: "people",
  "头（只）": "head",
  亩: "mu",
  天: "days",
  分钟: "minutes",
  个: "",
  座: "",
  块: "",
  次: "",
  辆: "",
  项: "",
};
