internal import ArgumentParser
internal import Kernel
internal import Storage

/// What works on backups without a running server.
struct BackupCommand: AsyncParsableCommand {
    static let configuration: CommandConfiguration = CommandConfiguration(
        commandName: "backup", abstract: "Check a backup, or put one back.",
        subcommands: [Verify.self, Restore.self])

    struct Verify: AsyncParsableCommand {
        static let configuration: CommandConfiguration = CommandConfiguration(
            abstract: "Check a backup against its manifest, its pages and its schema.")
        @Argument(help: "The backup file.", completion: .file()) var file: String

        mutating func run() async throws {
            let manifest: BackupManifest = try await BackupCommand.reporting { try await Backup.verify(file) }
            print(
                "✓ \(file)\n  made \(manifest.createdAt), \(manifest.bytes) bytes, sha256 \(manifest.sha256)")
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration: CommandConfiguration = CommandConfiguration(
            abstract: "Put a backup in the place of the store. Stop the server first.",
            discussion: "What it replaces is kept beside it.")
        @Argument(help: "The backup file.", completion: .file()) var file: String
        @OptionGroup var options: ServerOptions

        mutating func run() async throws {
            let directory: DataDirectory = try DataDirectory.open(options.requiredDataDirectory())
            let aside: String? = try await BackupCommand.reporting {
                try await Backup.restore(file, to: directory.databasePath, now: SystemClock().now())
            }
            print("✓ restored \(file) to \(directory.databasePath)")
            if let aside { print("  what was there before is kept as \(aside)") }
        }
    }

    private static func reporting<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as StorageError {
            throw ValidationError("\(error)")
        }
    }
}
