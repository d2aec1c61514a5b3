/**
 * The manual's pages for the window, made out of `docs/manual` while the window
 * is built: what is read on paper, in a browser and under F1 is one text. A page
 * becomes its title, its HTML and its plain words; links to other pages and
 * pictures stay as they stand in the file, for `features/help` to follow.
 */
import { Marked, type Tokens } from "marked";
import type { Plugin } from "vite";

const PAGE = /docs[\\/]manual[\\/].*\.md$/;

export interface ManualPage {
  title: string;
  html: string;
  /** Its words by headings: the page's title first. */
  parts: { id: string; heading: string; words: string }[];
}

/** The id of a heading: its words, as GitHub makes it of them. */
export const anchor = (heading: string): string => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s-]/gu, "").replace(/\s+/g, "-");

const plain = (html: string) => html.replace(/<[^>]+>/g, " ").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();

export function pageOf(text: string): ManualPage {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const words = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchor(plain(words))}">${words}</h${depth}>\n`;
      },
      // What stands in the file as HTML is shown as text: a page is words and pictures.
      html: ({ text: raw }: Tokens.HTML | Tokens.Tag) => raw.replace(/</g, "&lt;"),
    },
  });
  const html = marked.parse(text, { async: false });
  const parts = html.split(/(?=<h[123] id=)/).filter((part) => part.trim() !== "").map((part) => {
    const [, id, heading] = /^<h[123] id="([^"]*)">(.*?)<\/h[123]>/s.exec(part) ?? ["", "", ""];
    return { id, heading: plain(heading), words: plain(part.replace(/^<h[123].*?<\/h[123]>/s, "")) };
  });
  return { title: parts[0]?.heading ?? "", html, parts };
}

export function manual(): Plugin {
  return {
    name: "manual",
    transform(text, id) {
      return PAGE.test(id.split("?")[0]) ? { code: `export default ${JSON.stringify(pageOf(text))};`, map: null } : null;
    },
  };
}
