/**
 * The server's whole configuration file. Small: a marketplace's trial shares a laptop or a small
 * virtual machine with everything else. Durable: fsync stays on.
 * `socketFolder` is where the socket goes; nothing listens on the network.
 */
export function serverSettings(socketFolder: string): string {
  return `# Written by Tributary at every start: changes made here are lost.
listen_addresses = ''
unix_socket_directories = ${quote(`"${socketFolder.replaceAll('"', '""')}"`)}
unix_socket_permissions = 0700
port = 5432
max_connections = 100
shared_buffers = 64MB
max_wal_size = 256MB
min_wal_size = 32MB
# No replication: the log needs to hold only what a crash recovery reads.
wal_level = minimal
max_wal_senders = 0
io_method = sync
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
# Rows hold names, addresses and bank details: no statement and no key value goes to the log.
log_min_error_statement = panic
log_error_verbosity = terse
`
}

/** Who may connect: whoever can open the socket, and its folder is private. */
export const accessRules = 'local all all trust\n'

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
