/** The manual's pages and pictures in one language, brought when help is first opened. */
import type { Language } from "@/i18n";
import type { ManualPage } from "@book/manual";

import { PAGES, type PageName } from "./pages";

export type { ManualPage };
export type Book = Partial<Record<PageName, ManualPage>>;

const pages = {
  zh: import.meta.glob<ManualPage>("@manual/zh/*.md", { import: "default" }),
  en: import.meta.glob<ManualPage>("@manual/en/*.md", { import: "default" }),
};
const pictures = import.meta.glob<string>("@manual/images/*.png", { import: "default", query: "?url" });

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");

export async function openBook(language: Language): Promise<Book> {
  const all = await Promise.all(Object.entries(pages[language]).map(async ([path, load]) => [nameOf(path), await load()] as const));
  const book = Object.fromEntries(all);
  return Object.fromEntries(PAGES.filter((name) => book[name]).map((name) => [name, book[name]]));
}

/** The address of a picture by its file's name, without its ending. */
export async function pictureAt(name: string): Promise<string | null> {
  const found = Object.entries(pictures).find(([path]) => nameOf(path) === name);
  return found ? await found[1]() : null;
}

export interface Found {
  page: PageName;
  title: string;
  id: string;
  heading: string;
  /** The words around the first that was looked for. */
  around: string;
}

/** So many letters are shown before the place and after it. */
const AROUND = 28;

/** Where all the words occur, headings before text. */
export function lookUp(book: Book, asked: string): Found[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: (Found & { first: boolean })[] = [];
  for (const [page, { title, parts }] of Object.entries(book) as [PageName, ManualPage][]) {
    for (const { id, heading, words: text } of parts) {
      const all = `${heading} ${text}`.toLowerCase();
      if (!words.every((word) => all.includes(word))) continue;
      const place = Math.max(0, text.toLowerCase().indexOf(words[0]));
      const around = `${place > AROUND ? "…" : ""}${text.slice(Math.max(0, place - AROUND), place + 2 * AROUND)}`;
      found.push({ page, title, id, heading, around, first: words.some((word) => heading.toLowerCase().includes(word)) });
    }
  }
  return found.sort((one, other) => Number(other.first) - Number(one.first)).map(({ page, title, id, heading, around }) => ({ page, title, id, heading, around }));
}
