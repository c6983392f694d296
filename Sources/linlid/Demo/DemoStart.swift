import Crypto
import Foundation
import Glibc
import Kernel
import OneStop
import Platform

/// Loads the demonstration at the first start with `--demo`.
enum DemoStart {
    /// The seed of the demonstration that ships.
    static let seed: UInt64 = 1_405
    /// Folder in the data directory with a file for each person of the demonstration who signs in, by account or phone.
    static let signInFolder: String = "demo"
    /// Folder in that one with the ID cards of its residents, by phone, as the simulated reader of the kiosk takes them.
    static let cardFolder: String = "cards"

    /// Makes and stores the demonstration if it is not there yet, and writes each sign-in into a file that only its
    /// owner can read. The store must have the tables of all modules, and the data files and service items must be
    /// imported.
    ///
    /// - Parameters:
    ///   - services: takes in what the one-stop service did.
    ///   - folder: the data files of the product, `ops/data`.
    static func loadOnce(
        _ platform: Platform, _ hasher: PasswordHasher, _ services: PastServices, from folder: String,
        into directory: DataDirectory
    ) async throws {
        let source: DemoSource = try source(folder)
        let bar = ProgressBar(title: "演示数据 demonstration data")
        let load = DemoImport(platform: platform, hasher: hasher, services: services, progress: bar.show)
        switch try await load.presence() {
        case .whole: return
        case .partial:
            throw StartProblem(
                what: "the demonstration in \(directory.path) was cut off while it was being loaded",
                todo: "Delete that directory, or choose another with --data-directory, and start again.")
        case .none: break
        }
        let data = try DemoData(source: source, seed: seed, now: platform.environment.now())
        let signIns: [DemoSignIn] = try await load.load(data)
        let people: String = "\(directory.path)/\(signInFolder)"
        for folder in [people, "\(people)/\(cardFolder)"] { mkdir(folder, 0o700) }
        for signIn: DemoSignIn in signIns {
            try SecretFile.write(
                Array(block(signIn).utf8), to: "\(people)/\(signIn.account).credentials", replacing: true)
            guard let card = signIn.card else { continue }
            try SecretFile.write(
                Array((card + "\n").utf8), to: "\(people)/\(cardFolder)/\(signIn.account)", replacing: true)
        }
    }

    /// Imports what query items answer in the demonstration and is not there yet. The catalogue must be there.
    static func loadQueries(_ book: DataSetBook, from folder: String, now: Instant) async throws {
        try await DemoQueries(book: book, folder: folder, now: now).load {
            DemoRegister(try DemoPlaces(source: try source(folder)), seed: seed).people
        }
    }

    /// Reads the data files below `folder`.
    static func source(_ folder: String) throws -> DemoSource {
        let calendars: String = "\(folder)/calendar"
        let years: [WorkYear] = try FileManager.default.contentsOfDirectory(atPath: calendars).sorted()
            .filter { $0.hasSuffix(".yaml") }
            .map { try WorkYear(yaml: TextFile.read("\(calendars)/\($0)")) }
        guard !years.isEmpty else {
            throw StartProblem(
                what: "there is no work calendar in \(calendars)",
                todo: "Point --data-files to the folder ops/data of the product.")
        }
        return try DemoSource(calendar: WorkCalendar(years: years)) { try TextFile.read("\(folder)/\($0)") }
    }

    private static func block(_ signIn: DemoSignIn) -> String {
        var lines: [String] = [
            "post:     \(signIn.post)", "account:  \(signIn.account)", "password: \(signIn.password)",
        ]
        if let uri = signIn.totpURI { lines.append("totp:     \(uri)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A bar on a terminal; one line at the end elsewhere.
struct ProgressBar: Sendable {
    private static let width: Int = 30
    let title: String
    private let isTerminal: Bool = isatty(STDERR_FILENO) == 1

    init(title: String) { self.title = title }

    @Sendable func show(_ done: Int, _ total: Int) {
        guard total > 0 else { return }
        let line: String = text(done, total)
        if isTerminal {
            write("\r" + line + (done == total ? "\n" : ""))
        } else if done == total {
            write(line + "\n")
        }
    }

    /// `title [#####.....]  50%  5000/10000`.
    func text(_ done: Int, _ total: Int) -> String {
        let filled: Int = ProgressBar.width * done / total
        let bar: String =
            String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressBar.width - filled)
        return "\(title) [\(bar)] \(100 * done / total)%  \(done)/\(total)"
    }

    private func write(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
