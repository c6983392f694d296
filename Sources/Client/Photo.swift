internal import Contract
internal import Dialogue
internal import Foundation
internal import Kernel
internal import RPC

/// Photos on this machine. The server takes out what they tell about place, time and camera.
enum Photo {
    /// What FileService takes.
    static let maximumBytes: Int64 = 10 * 1_024 * 1_024
    static let chunkBytes = 64 * 1_024

    /// Looks whether a file can be sent.
    static func inspect(_ path: String, in language: Language) throws(Failure) -> Response {
        let path = expanded(path)
        let refused = { (zh: String, en: String) in
            Failure(kind: .refused, reason: "PHOTO_UNUSABLE", text: language == .chinese ? zh : en)
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw refused("没有这个文件，或者读不了：\(path)", "There is no such file, or it cannot be read: \(path)")
        }
        defer { file.closeFile() }
        let size: UInt64
        let start: Data
        do {
            size = try file.seekToEnd()
            try file.seek(toOffset: 0)
            start = try file.read(upToCount: 3) ?? Data()
        } catch { throw refused("这个文件读不了：\(path)", "The file cannot be read: \(path)") }
        // The start of every JPEG file: SOI and the next marker.
        guard start == Data([0xFF, 0xD8, 0xFF]) else {
            throw refused("这不是 JPEG 照片。请选 .jpg 文件。", "This is no JPEG photo. Please choose a .jpg file.")
        }
        guard size <= UInt64(maximumBytes) else {
            throw refused("照片太大，最多 10 MB。", "The photo is too large: at most 10 MB.")
        }
        return .photo(path: path, sizeBytes: Int64(size))
    }

    /// Sends a file; answers its name. The same file for the same report is stored once.
    static func upload(_ path: String, for requestID: String, by session: ClientSession) async throws
        -> String
    {
        guard case .photo = try inspect(path, in: session.language),
            let data = FileManager.default.contents(atPath: path)
        else { return "" }
        let header = PlatformV1.FileHeader(
            displayName: URL(filePath: path).lastPathComponent, contentType: "image/jpeg",
            requestID: uploadID(for: requestID))
        let files = PlatformV1.FileServiceClient(channel: session.channel)
        let file = try await files.uploadFile(options: session.options(timeout: .seconds(60))) { writer in
            try await writer.write(.init(part: .header(header)))
            for start in stride(from: 0, to: data.count, by: chunkBytes) {
                let chunk = [UInt8](data[start..<min(start + chunkBytes, data.count)])
                try await writer.write(.init(part: .chunk(chunk)))
            }
        }
        return file.name
    }

    /// A request id of the upload that follows from that of the report, so that a resend is the same upload.
    static func uploadID(for requestID: String) -> String {
        guard let id = ID(requestID) else { return requestID }
        return ID(high: id.high, low: id.low ^ 1).description
    }

    private static func expanded(_ path: String) -> String {
        path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path
    }
}

extension ClientSession {
    /// Sends a photo or document; answers its name, `files/{id}`. A repeat with the same request id stores it once.
    ///
    /// Throws `PrivateFile.Problem` in the session's language if the file cannot be used, `RPCError` if the call fails.
    package func uploadFile(_ path: String, requestID: String) async throws -> String {
        do {
            return try await Attachment(path: path, contentTypes: Attachment.taken, in: language)
                .upload(requestID: requestID, by: self)
        } catch let failure as Failure {
            throw PrivateFile.Problem(zh: failure.text, en: failure.text)
        }
    }

    /// Sends a JPEG file; answers its name, `files/{id}`. A repeat with the same request id stores it once.
    ///
    /// Throws `PrivateFile.Problem` in the session's language if the file cannot be used, `RPCError` if the call fails.
    package func uploadPhoto(_ path: String, requestID: String) async throws -> String {
        do {
            return try await Photo.upload(path, for: requestID, by: self)
        } catch let failure as Failure {
            throw PrivateFile.Problem(zh: failure.text, en: failure.text)
        }
    }
}
