/** A process that backs up the database it is told, slowly enough to be killed half way; tells each table as it is done. */
import { backup } from "../backup.ts";

const [url, folder = ""] = process.argv.slice(2);
const manifest = await backup({ connectionString: url }, folder, new Date(), (table) =>
  process.stdout.write(`${table}\n`),
);
process.stdout.write(`${JSON.stringify({ tables: manifest.tables.length })}\n`);
