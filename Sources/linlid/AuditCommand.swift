internal import ArgumentParser
internal import Crypto
internal import Glibc
internal import Kernel
internal import Platform
internal import Storage

/// What works on the audit log without its server.
struct AuditCommand: AsyncParsableCommand {
    static let configuration: CommandConfiguration = CommandConfiguration(
        commandName: "audit", abstract: "Check the audit log.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration: CommandConfiguration = CommandConfiguration(
            abstract: "Check the whole audit log: entries, hashes, signatures, and what was seen before.",
            discussion: """
                Works while the server runs and when it does not; reads only. Exit code 0 means that the log is whole.

                Who has the data directory has the signing key too, and can write another log with good signatures. Only what is \
                kept elsewhere shows that: this command remembers in your state folder what it saw last, and --checkpoint takes \
                a checkpoint from another machine (linlictl audit checkpoint > FILE).
                """)
        @Option(help: "The data directory of a server.") var dataDirectory: String?
        @Option(help: "The log's public key, kept elsewhere (default: that of the data directory).")
        var verifierKey: String?
        @Option(help: "A signed checkpoint that was kept elsewhere.", completion: .file())
        var checkpoint: String?

        mutating func run() async throws {
            var options: ServerOptions = ServerOptions()
            options.dataDirectory = dataDirectory
            let check: AuditCheck
            do {
                check = try await AuditCheck(
                    directory: DataDirectory.look(into: options.requiredDataDirectory()),
                    verifierKey: verifierKey)
            } catch let problem as StartProblem {
                throw AuditCommand.failure(problem.description, code: problem.exitCode)
            } catch {
                throw AuditCommand.failure("the log's key cannot be used: \(error)")
            }
            do {
                let result: AuditCheck.Result = try await check.run(checkpointFile: checkpoint)
                print(result.text, terminator: "")
                if result.fault != nil { throw ExitCode(1) }
            } catch let exit as ExitCode {
                throw exit
            } catch {
                throw AuditCommand.failure("the audit log cannot be checked: \(error)")
            }
        }
    }

    private static func failure(_ text: String, code: Int32 = 1) -> ExitCode {
        let line: String = "linlid: \(text)\n"
        _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        return ExitCode(code)
    }
}
