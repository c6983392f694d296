internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Kernel

/// The checkpoint of an audit log that this user saw last, kept in the user's own state folder: outside the data directory,
/// so that who rewrites the log does not rewrite the memory of it.
struct AuditMemory: Sendable {
    /// One file for each log, by its name and the place of its data directory.
    let path: String

    /// What was seen, and the key that was trusted then.
    struct Seen: Sendable, Equatable {
        let checkpoint: Checkpoint
        let verifierKey: String
    }

    /// - Parameter stateFolder: nil is `linli/audit` below `XDG_STATE_HOME` or `~/.local/state`.
    init(origin: String, dataDirectory: String, stateFolder: String? = nil) {
        let name: String = String(origin.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let place: String = Hex.encode(SHA256.hash(Array("\(origin)\n\(dataDirectory)".utf8)).prefix(4))
        path = "\(stateFolder ?? AuditMemory.standardFolder())/\(name)-\(place).checkpoint"
    }

    private static func standardFolder() -> String {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let state: String = variable("XDG_STATE_HOME") ?? (variable("HOME") ?? "/") + "/.local/state"
        return state + "/linli/audit"
    }

    /// What was seen last; nil if nothing was.
    func read() throws -> Seen? {
        guard access(path, F_OK) == 0 else { return nil }
        let checkpoint: Checkpoint = try Checkpoint(parsing: SecretFile.readText(path))
        guard let key = checkpoint.extensions.first else {
            throw CryptoError.malformed(what: "the remembered checkpoint in \(path)")
        }
        return Seen(checkpoint: checkpoint, verifierKey: key)
    }

    func write(origin: String, size: UInt64, root: [UInt8], verifierKey: String) throws {
        let checkpoint: Checkpoint = try Checkpoint(
            origin: origin, size: size, root: root, extensions: [verifierKey])
        let folder: String = URL(filePath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try SecretFile.write(Array(checkpoint.body.utf8), to: path, replacing: true)
    }
}
