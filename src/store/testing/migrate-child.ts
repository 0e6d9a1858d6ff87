/** A process that migrates the database it is told and prints the versions it applied; for tests of two at once. */
import { migrate } from "../migrate.ts";

const [url] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await migrate({ connectionString: url })));
