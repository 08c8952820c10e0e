// What `--help` prints.

/** How the command is used. */
export const USAGE = `Usage: progress-protocol COMMAND

  schema [NAME]          prints the JSON Schemas of all messages, or of one
  schema --asyncapi      prints the AsyncAPI document
  check [FILE]           checks recorded messages, one a line: { "event": NAME, "payload": … }
                         (the payload of a command is the list of its arguments);
                         without a file, or with -, from standard input
  diff OLD NEW           compares two printed documents; - is standard input

  --help                 prints this
  --version              prints the version

Exit code: 0 fine; 1 a wrong message, no message, or a breaking change; 2 it could not be done
`
