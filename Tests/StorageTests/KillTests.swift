import Foundation
import Storage
import Testing

/// A process that writes is killed again and again while it does.
@Suite(.timeLimit(.minutes(5))) struct KillTests {
    /// How often; `LINLI_KILLS` sets another count.
    private let kills: Int = ProcessInfo.processInfo.environment["LINLI_KILLS"].flatMap { Int($0) } ?? 20
    private let tasks = 32

    /// The program stands beside the one that runs the tests.
    private var writer: URL {
        get throws {
            let tests: String = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "storage-writer")
        }
    }

    /// Runs the writer until it acknowledged some number of writes, kills it, and returns all that it acknowledged.
    private func killedRun(_ database: String, first: Int, acknowledgements: Int) throws -> [Int] {
        let process = Process()
        let output = Pipe()
        process.executableURL = try writer
        process.arguments = [database, String(first), String(tasks)]
        process.standardOutput = output
        try process.run()
        var text = Data()
        var lines = 0
        while lines < acknowledgements {
            let piece: Data = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            lines += piece.count { $0 == UInt8(ascii: "\n") }
            text.append(piece)
        }
        kill(process.processIdentifier, SIGKILL)
        text.append(output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "The writer ended by itself")
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    }

    @Test func acknowledgedWritesSurviveAKill() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            var acknowledged: Set<Int> = []
            for number in 1...kills {
                let ids: [Int] = try killedRun(
                    path, first: number * 10_000_000, acknowledgements: .random(in: 1...2_000))
                #expect(!ids.isEmpty)
                acknowledged.formUnion(ids)
                try await expectAll(acknowledged, at: path, "kill \(number)")
            }
        }
    }

    private func expectAll(_ acknowledged: Set<Int>, at path: String, _ when: Comment) async throws {
        let migration = Migration(
            module: "kill", number: 1, name: "writes",
            sql: """
                CREATE TABLE kill_write (row INTEGER PRIMARY KEY, id INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
                CREATE INDEX kill_write_text ON kill_write (text);
                """)
        try await withStore(at: path, migrations: [migration]) { store in
            try await store.read { connection in
                let ids: [Int] = try connection.query("SELECT id FROM kill_write") { $0.int(0) }
                let present = Set(ids)
                #expect(acknowledged.subtracting(present).count == 0, when)
                #expect(present.count == ids.count, when)
                let integrity: [String] = try connection.query(
                    "SELECT integrity_check FROM pragma_integrity_check"
                ) { $0.text(0) }
                #expect(integrity == ["ok"], when)
            }
        }
    }
}
