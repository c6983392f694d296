internal import Foundation
internal import Yams

/// How this kiosk is set up: a file, `kiosk.yaml`, over which options win.
struct KioskSettings: Sendable, Equatable {
    /// A setting that cannot be used. It says which, and what to write.
    struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        var zh: String
        var en: String
        var description: String { "\(zh)\n\(en)" }
    }

    /// Files longer than this are not read.
    static let bytesAtMost: Int = 64 * 1_024
    /// WCAG 2.2.1 asks for 20 s of warning; shorter ones are for tests.
    static let secondsAtMost: Int = 600

    /// `host:port`.
    var server: String?
    /// PEM files.
    var root: String?
    var certificate: String?
    var key: String?
    /// zh or en.
    var lang: String = "zh"
    var idleSeconds: Int = 60
    var warningSeconds: Int = 30
    /// At most so many between two heartbeats; nil for as many as the server says.
    var heartbeatSeconds: Int?
    /// Program that reads cards, with its arguments; `wedge` for a reader that types; empty for none.
    var cardReader: [String] = []
    /// Device or file.
    var receiptPrinter: String?
    var receiptColumns: Int = 48
    /// `queue:NAME` of CUPS, or a folder.
    var documentPrinter: String?
    var scannerFolder: String?
    /// Ctrl-C closes the program: for whoever tries it out, never for one that stands in a hall.
    var mayClose: Bool = false
    /// Program that says what it reads, with its arguments; empty for none.
    var speaker: [String] = []
    /// `halls/{id}` for the lobby display; empty for the kiosk's own.
    var hall: String = ""

    /// One line of the file.
    private static let setters: [String: @Sendable (inout KioskSettings, String) -> Bool] = [
        "server": {
            $0.server = $1; return true
        },
        "root": {
            $0.root = $1; return true
        },
        "certificate": {
            $0.certificate = $1; return true
        },
        "key": {
            $0.key = $1; return true
        },
        "lang": {
            $0.lang = $1; return ["zh", "en"].contains($1)
        },
        "idle_seconds": { set(&$0.idleSeconds, $1, 1...secondsAtMost) },
        "warning_seconds": { set(&$0.warningSeconds, $1, 1...secondsAtMost) },
        "heartbeat_seconds": { settings, text in
            var seconds: Int = 0
            guard set(&seconds, text, 1...secondsAtMost) else { return false }
            settings.heartbeatSeconds = seconds
            return true
        },
        "card_reader": {
            $0.cardReader = $1.split(separator: " ").map(String.init); return true
        },
        "receipt_printer": {
            $0.receiptPrinter = $1; return true
        },
        "receipt_columns": { set(&$0.receiptColumns, $1, 24...64) },
        "document_printer": {
            $0.documentPrinter = $1; return true
        },
        "scanner_folder": {
            $0.scannerFolder = $1; return true
        },
        "speaker": {
            $0.speaker = $1.split(separator: " ").map(String.init); return true
        },
        "hall": {
            $0.hall = $1; return true
        },
    ]

    private static func set(_ target: inout Int, _ text: String, _ range: ClosedRange<Int>) -> Bool {
        guard let number = Int(text), range.contains(number) else { return false }
        target = number
        return true
    }

    /// The settings of a file. Paths in it count from where the file is.
    static func read(_ path: String) throws(Problem) -> KioskSettings {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(zh: "读不到设置文件 \(path)。", en: "The settings file \(path) cannot be read.")
        }
        guard data.count <= bytesAtMost else {
            throw Problem(zh: "设置文件 \(path) 太大。", en: "The settings file \(path) is too large.")
        }
        return try read(
            String(decoding: data, as: UTF8.self), path: path,
            folder: URL(filePath: path).deletingLastPathComponent().path)
    }

    static func read(_ text: String, path: String, folder: String) throws(Problem) -> KioskSettings {
        let values: [String: String]
        do { values = try YAMLDecoder().decode([String: String].self, from: text) } catch {
            throw Problem(
                zh: "设置文件 \(path) 看不懂，每行要写成 名字: 值。",
                en: "The settings file \(path) is not made of lines such as name: value.")
        }
        var settings: KioskSettings = KioskSettings()
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let set = setters[name] else {
                throw Problem(
                    zh: "\(path) 里没有“\(name)”这个设置。可以写：\(setters.keys.sorted().joined(separator: "、"))。",
                    en:
                        "\(path): there is no setting “\(name)”. Known: \(setters.keys.sorted().joined(separator: ", "))."
                )
            }
            guard set(&settings, value) else {
                throw Problem(
                    zh: "\(path) 里的 \(name) 不能是“\(value)”。", en: "\(path): \(name) cannot be “\(value)”.")
            }
        }
        settings.makePathsAbsolute(in: folder)
        return settings
    }

    private mutating func makePathsAbsolute(in folder: String) {
        for path: WritableKeyPath<KioskSettings, String?> in [
            \.root, \.certificate, \.key, \.receiptPrinter, \.scannerFolder,
        ] {
            if let value = self[keyPath: path], !value.hasPrefix("/") {
                self[keyPath: path] = folder + "/" + value
            }
        }
        if let printer = documentPrinter, !printer.hasPrefix("/"), !printer.hasPrefix("queue:") {
            documentPrinter = folder + "/" + printer
        }
    }
}
