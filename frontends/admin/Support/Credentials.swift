import ArgumentParser
import Crypto
import Foundation
import Kernel

/// What a member of staff signs in with. In a file: three lines `account: …`, `password: …`, `totp: otpauth://…`,
/// readable by its owner only.
struct Credentials {
    let account: String
    let password: String
    private let source: Source

    private enum Source {
        case uri(String)
        case fixed(String)
    }

    init(account: String, password: String, totpURI: String) {
        self.account = account
        self.password = password
        self.source = .uri(totpURI)
    }

    init(account: String, password: String, fixedCode: String) {
        self.account = account
        self.password = password
        self.source = .fixed(fixedCode)
    }

    init(file: String) throws {
        var status: stat = stat()
        guard stat(file, &status) == 0 else {
            throw ValidationError("没有文件 \(file)。请用 staff create --credentials-out 写出。There is no such file.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw ValidationError(
                "文件 \(file) 别人也能读。请先 chmod 600 \(file)。Others can read it; chmod 600 first.")
        }
        var values: [String: String] = [:]
        for line: Substring in try TextFile.read(file).split(separator: "\n") {
            let parts: [Substring] = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { values[parts[0].trimmed()] = parts[1].trimmed() }
        }
        guard let account = values["account"], let password = values["password"], let totp = values["totp"]
        else {
            throw ValidationError(
                "文件 \(file) 缺少 account、password 或 totp 一行。A line account, password or totp is missing.")
        }
        self.init(account: account, password: password, totpURI: totp)
    }

    func write(to file: String) throws {
        guard case .uri(let uri) = source else { return }
        try TextFile.write(
            "account: \(account)\npassword: \(password)\ntotp: \(uri)\n", to: file, ownerOnly: true)
    }

    /// The six digits that count now.
    func code(at now: Instant) throws -> String {
        switch source {
        case .fixed(let code): return code
        case .uri(let uri): return try TOTP(otpauthURI: uri).code(step: TOTP.step(at: now))
        }
    }
}
