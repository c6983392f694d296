internal import ArgumentParser

/// Adds a key for field encryption.
struct RotateKeyCommand: AsyncParsableCommand {
    static let configuration: CommandConfiguration = CommandConfiguration(
        commandName: "rotate-key", abstract: "Add a new key for field encryption.",
        discussion: """
            Stop the server first. From its next start on, new values are encrypted with the new key, and what is stored is \
            encrypted again in the background. Old keys stay in the file: backups need them.
            """)

    @OptionGroup var options: ServerOptions

    mutating func run() async throws {
        let directory: DataDirectory = try DataDirectory.open(options.requiredDataDirectory())
        print("key \(try MasterKeys.addFieldKey(directory)) is the current one from the next start on")
    }
}
