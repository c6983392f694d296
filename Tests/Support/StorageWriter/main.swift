// storage-writer DATABASE FIRST TASKS: writes until it is killed, and prints the id of each acknowledged write.
//
// For the kill test. Task t of n writes the ids FIRST + t, FIRST + t + n, FIRST + t + 2n …
import Glibc
import Storage

let arguments: [String] = CommandLine.arguments
guard arguments.count == 4, let first = Int(arguments[2]), let tasks = Int(arguments[3]) else {
    print("usage: storage-writer DATABASE FIRST TASKS")
    exit(64)
}

let migration = Migration(
    module: "kill", number: 1, name: "writes",
    sql: """
        CREATE TABLE kill_write (row INTEGER PRIMARY KEY, id INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE INDEX kill_write_text ON kill_write (text);
        """)
let database = try await SQLiteDatabase(path: arguments[1], migrations: [migration])
try await withThrowingTaskGroup(of: Void.self) { group in
    for task in 0..<tasks {
        group.addTask {
            var id: Int = first + task
            while true {
                let now: Int = id
                try await database.write { connection in
                    try connection.execute(
                        "INSERT INTO kill_write (id, text) VALUES ($1, $2)", SQLValue(now),
                        .text("\(now &* 2_654_435_761 % 1_000_003) 邻里 \(now)"))
                }
                // One system call for a line, so that no line is cut and none is held back.
                let line: [UInt8] = Array("\(now)\n".utf8)
                _ = write(1, line, line.count)
                id += tasks
            }
        }
    }
    try await group.waitForAll()
}
