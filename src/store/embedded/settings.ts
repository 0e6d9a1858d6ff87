/**
 * How the embedded PostgreSQL is set up. What keeps an acknowledged write is given on the command line, where
 * neither a file nor ALTER SYSTEM can undo it; the rest lies in files of ours, and ALTER SYSTEM may tune it.
 * SPEC EMB-SET · https://www.postgresql.org/docs/18/runtime-config.html
 */
import { statfsSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { writeDurably } from "./durable-file.ts";
import type { Instance } from "./placement.ts";

/** The role that owns everything in the embedded database, and the database itself. */
export const OWNER_ROLE = "eira";
export const PORT = 5432; // only part of the socket's name: nothing listens on TCP

/** What may differ between installations. */
export interface Sizes {
  readonly sharedBuffersMb: number;
  readonly maxConnections: number;
}

const MIB = 1024 * 1024;

const UNTOUCHABLE: Readonly<Record<string, string>> = {
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  listen_addresses: "",
  unix_socket_permissions: "0700",
};

/** The server's arguments after its program: directories, identity and what must not be switched off. */
export function serverArguments(instance: Instance): readonly string[] {
  const { hba, ident, main } = settingFiles(instance);
  const settings = {
    ...UNTOUCHABLE,
    config_file: main,
    hba_file: hba,
    ident_file: ident,
    unix_socket_directories: instance.sockets,
    cluster_name: clusterName(instance),
  };
  return [
    "-D",
    instance.data,
    "-p",
    String(PORT),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/** The name under which the server's processes show; the random id in it tells ours from any other PostgreSQL. */
export function clusterName({ id }: Instance): string {
  return `eira-${id}`;
}

/** Writes the setting files. They lie outside the data folder: as root we must not write where the database's account may plant links. */
export async function writeSettings(instance: Instance, account: Account, sizes: Sizes): Promise<void> {
  const { hba, ident, main } = settingFiles(instance);
  const names = [...new Set(["root", account.name])];
  await writeDurably(main, settingsText(sizes));
  await writeDurably(hba, "local all all peer map=eira\n");
  await writeDurably(ident, names.map((name) => `eira ${name} ${OWNER_ROLE}\n`).join(""));
}

/** 256 MB where the machine has it, an eighth of the memory where it has less. */
export function defaultSharedBuffersMb(memory: number = availableMemory()): number {
  return Math.max(32, Math.min(256, Math.floor(memory / 8 / MIB)));
}

function settingsText({ sharedBuffersMb, maxConnections }: Sizes): string {
  const memoryMb = availableMemory() / MIB;
  const settings: Readonly<Record<string, string | number>> = {
    max_connections: maxConnections,
    shared_buffers: `${sharedBuffersMb}MB`,
    effective_cache_size: `${Math.floor(Math.max(2 * sharedBuffersMb, memoryMb / 2))}MB`,
    work_mem: "8MB",
    maintenance_work_mem: `${Math.floor(Math.max(32, Math.min(256, memoryMb / 32)))}MB`,
    dynamic_shared_memory_type: hasRoomInShm() ? "posix" : "mmap",
    wal_compression: "on",
    max_wal_size: "2GB",
    min_wal_size: "512MB", // segments are written over; a new one is filled with zeros first, which costs as much as what is written into it
    checkpoint_timeout: "10min",
    random_page_cost: 1.1,
    jit: "off", // compiling costs more than it saves on a journal's short queries
    timezone: "UTC",
    log_timezone: "UTC",
    datestyle: "iso, ymd",
    default_text_search_config: "pg_catalog.simple",
    // Texts of the log must hold no patient data: no values of a failed row, no statements.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
    log_line_prefix: "%m [%p] ",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  return `# Written by Eira at each start. Tune with ALTER SYSTEM, which is kept.\n${lines.join("")}`;
}

function settingFiles({ home }: Instance): Readonly<Record<"main" | "hba" | "ident", string>> {
  return { main: join(home, "postgresql.conf"), hba: join(home, "pg_hba.conf"), ident: join(home, "pg_ident.conf") };
}

function availableMemory(): number {
  const limit = process.constrainedMemory(); // a container's limit; 0 or enormous when there is none
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Containers often have 64 MB in /dev/shm, too little for a parallel query: it would fail with "no space left". */
function hasRoomInShm(): boolean {
  try {
    const { bsize, bavail } = statfsSync("/dev/shm");
    return bsize * bavail >= 512 * MIB;
  } catch {
    return process.platform !== "linux";
  }
}
