/** The real programs as processes, known by what they print and by their exit code. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { PAGES, PROGRAMS, sample } from "./surroundings";

export const PIN = "123456";
export const YANDONG = "320902107";

export type Fields = Record<string, unknown>;
export interface Record_ {
  id: string;
  state: string | null;
  sync: string;
  fields: Fields;
}

function program(name: string): string {
  return join(PROGRAMS, process.platform === "win32" ? `${name}.exe` : name);
}

/** What the program prints; a refusal by anything but exit code 0 throws with what it said. */
function ask(name: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program(name), args, { env: { ...process.env, ...env }, maxBuffer: 1 << 28 }, (error, said, complained) => {
      if (error) reject(new Error(`${name} ${args.join(" ")}: ${error.code}\n${said}${complained}`));
      else resolve(said);
    });
  });
}

/** A program that serves, from its first line that holds an address until its input ends or it is stopped. */
class Serving {
  private constructor(
    private readonly process: ChildProcess,
    readonly address: string,
  ) {}

  static async start(name: string, args: string[]): Promise<Serving> {
    const child = spawn(program(name), args, { stdio: ["pipe", "pipe", "pipe"] });
    const said: string[] = [];
    const address = new Promise<string>((resolve, reject) => {
      for (const pipe of [child.stdout, child.stderr]) {
        createInterface({ input: pipe }).on("line", (line) => {
          said.push(line);
          const found = /https?:\/\/[^\s]+/.exec(line);
          if (found) resolve(found[0]);
        });
      }
      child.once("exit", () => reject(new Error(`${name} ended instead of serving:\n${said.join("\n")}`)));
      child.once("error", reject);
    });
    return new Serving(child, await address);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.stdin?.end();
    this.process.kill();
    await gone;
  }
}

/** A district over a folder of its own. */
export class District {
  private constructor(
    private readonly folder: string,
    private readonly server: Serving,
  ) {}

  static async start(folder: string): Promise<District> {
    const server = await Serving.start("nonghuan-district", ["--data", folder, "serve", "--listen", "127.0.0.1:0"]);
    const district = new District(folder, server);
    await district.ask("places", "load", sample("places.csv"));
    return district;
  }

  ask(...args: string[]): Promise<string> {
    return ask("nonghuan-district", ["--data", this.folder, ...args]);
  }

  /** A one-time code for a laptop. */
  async code(scope = YANDONG, role = "clerk"): Promise<string> {
    const { host } = new URL(this.server.address);
    const said = await this.ask("code", "--scope", scope, "--role", role, "--address", host);
    const code = /NH1-[^\s",]+/.exec(said);
    if (!code) throw new Error(`there is no code in: ${said}`);
    return code[0];
  }

  async list(kind: string): Promise<Record_[]> {
    const answer = JSON.parse(await this.ask("--json", "list", kind));
    return answer.records ?? answer;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** A laptop, by the terminal; `window` opens its pages. */
export class Laptop {
  private windows: Serving[] = [];

  constructor(readonly folder: string) {}

  async ask(...args: string[]) {
    const said = await ask("nonghuan", ["--data", this.folder, "--json", ...args], { NONGHUAN_PIN: PIN });
    return JSON.parse(said);
  }

  async enrol(district: District, name: string, role = "clerk"): Promise<void> {
    await this.ask("enrol", await district.code(YANDONG, role), "--name", name);
    await this.ask("sync");
  }

  async add(kind: string, ...fields: string[]): Promise<string> {
    return (await this.ask("add", kind, ...fields)).id;
  }

  async list(kind: string): Promise<Record_[]> {
    return (await this.ask("list", kind, "--limit", "100000")).records;
  }

  show(id: string): Promise<Record_> {
    return this.ask("show", id);
  }

  /** The id of the one record of `kind` whose `field` is `value`. */
  async find(kind: string, field: string, value: unknown): Promise<string> {
    const found = (await this.list(kind)).filter((one) => one.fields[field] === value);
    if (found.length !== 1) throw new Error(`${found.length} ${kind} have ${field} = ${value}, not one`);
    return found[0].id;
  }

  /** The address of its pages. */
  async window(): Promise<string> {
    const serving = await Serving.start("nonghuan-browser-window", [this.folder, PAGES]);
    this.windows.push(serving);
    return serving.address;
  }

  async stop(): Promise<void> {
    await Promise.all(this.windows.map((one) => one.stop()));
  }
}
