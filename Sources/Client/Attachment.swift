internal import Contract
internal import Dialogue
internal import Foundation
internal import Kernel
internal import RPC

/// A photo or document on this machine that answers a question of a form.
struct Attachment {
    let data: Data
    let displayName: String
    let contentType: String

    /// What the server takes where a question names nothing else.
    static let taken: [String] = ["image/jpeg", "application/pdf"]

    /// How files of each type begin.
    private static let signatures: [(type: String, bytes: [UInt8])] = [
        ("image/jpeg", [0xFF, 0xD8, 0xFF]), ("application/pdf", Array("%PDF-".utf8)),
        ("image/png", [0x89, 0x50, 0x4E, 0x47]),
    ]

    /// Reads a file and looks whether it is of one of the types; the server looks again.
    init(path: String, contentTypes: [String], in language: Language) throws(Failure) {
        let path = path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path
        let refused = { (zh: String, en: String) in
            Failure(kind: .refused, reason: "FILE_UNUSABLE", text: language == .chinese ? zh : en)
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            throw refused("没有这个文件：\(path)", "There is no such file: \(path)")
        }
        let size: Int64
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            size = (attributes[.size] as? NSNumber)?.int64Value ?? 0
        } catch { throw refused("这个文件读不了：\(path)", "The file cannot be read: \(path)") }
        guard size <= Photo.maximumBytes else {
            throw refused("文件太大，最多 10 MB。", "The file is too large: at most 10 MB.")
        }
        guard size > 0, let data = FileManager.default.contents(atPath: path) else {
            throw refused("这个文件是空的，或者读不了：\(path)", "The file is empty or cannot be read: \(path)")
        }
        let found = Self.signatures.first { data.starts(with: $0.bytes) }?.type
        guard let found, contentTypes.isEmpty || contentTypes.contains(found) else {
            let names = contentTypes.map(Self.name).joined(separator: "、")
            throw refused("这个文件用不了，请选 \(names) 文件。", "This file cannot be used. Please choose: \(names).")
        }
        self.data = data
        displayName = URL(filePath: path).lastPathComponent
        contentType = found
    }

    private static func name(_ type: String) -> String {
        switch type {
        case "image/jpeg": "JPEG"
        case "image/png": "PNG"
        case "application/pdf": "PDF"
        default: type
        }
    }

    /// What a summary shows.
    var shown: String { "\(displayName)（\(max(1, data.count / 1_024)) KB）" }

    /// Sends it; answers its name, `files/{id}`. A repeat with the same request id stores it once.
    func upload(requestID: String, by session: ClientSession) async throws -> String {
        let header = PlatformV1.FileHeader(
            displayName: displayName, contentType: contentType, requestID: requestID)
        let files = PlatformV1.FileServiceClient(channel: session.channel)
        let data = data
        let file = try await files.uploadFile(options: session.options(timeout: .seconds(60))) { writer in
            try await writer.write(.init(part: .header(header)))
            for start in stride(from: 0, to: data.count, by: Photo.chunkBytes) {
                let chunk = [UInt8](data[start..<min(start + Photo.chunkBytes, data.count)])
                try await writer.write(.init(part: .chunk(chunk)))
            }
        }
        return file.name
    }
}
