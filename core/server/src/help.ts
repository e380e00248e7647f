/** What `server help` prints. */
export const help = `node server.js COMMAND

  serve            API, worker and both apps in one process
  api              the API and both apps alone
  worker           jobs, schedules and events alone
  migrate          bring the database to where this distribution needs it
  migrate --plan   only print what would be run; exit 3 when something is pending
  run              the commands that plugins bring; \`run PLUGIN:COMMAND [WORDS]\` runs one
  doctor           compare the database with what this distribution expects; exit 1 when
                   they differ; migrate and doctor take --json, for one line of JSON
  backup FILE      save the embedded database, uploads and the secret key in one file
  restore FILE     bring them back; --replace puts aside what is there
  import FILE      take back what a plugin stored before it was removed with \`export\`

Environment: PORT (3000) · HOST (0.0.0.0) · DATABASE_URL (embedded where unset)
             DATA_DIR (./data) · the variables of .env.example

Exit: 0 done · 1 refused · 2 wrong usage · 3 something is pending · 70 a bug
`
