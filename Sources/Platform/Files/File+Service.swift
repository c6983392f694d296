import Contract
import Crypto
import Kernel
import RPC

/// `FileService`: uploads that are checked and cleaned before they are kept, and downloads for those who may see the subject.
struct FileDesk: PlatformV1.FileService {
    let platform: Platform
    let audiences: [any FileAudience]

    static let access: [AccessRule] = [
        AccessRule(PlatformV1.FileServiceMethods.uploadFile, .resident(level: 1), .staff()),
        AccessRule(PlatformV1.FileServiceMethods.downloadFile, .resident(level: 1), .staff()),
    ]

    func uploadFile(_ requests: RequestStream<PlatformV1.UploadFileRequest>, _ call: ServerCall) async throws
        -> PlatformV1.File
    {
        let (header, content): (PlatformV1.FileHeader, [UInt8]) = try await receive(requests)
        guard FileRules.contentTypes.contains(header.contentType) else { throw FileTexts.wrongType }
        let upload: CheckedUpload = try CheckedUpload(content, contentType: header.contentType)
        return try await platform.perform(
            call, header, requestID: header.requestID, action: "file.upload"
        ) { unit in
            let file: FileRecord = try platform.files.keep(upload, displayName: header.displayName, unit)
            unit.audit(subject: "files/\(file.id)", details: ["bytes": String(file.sizeBytes)])
            return file.message
        }
    }

    private func receive(_ requests: RequestStream<PlatformV1.UploadFileRequest>) async throws -> (
        PlatformV1.FileHeader, [UInt8]
    ) {
        var header: PlatformV1.FileHeader?
        var content: [UInt8] = []
        for try await request: PlatformV1.UploadFileRequest in requests {
            switch request.part {
            case .header(let first):
                guard header == nil else { throw FileTexts.headerFirst }
                header = first
            case .chunk(let chunk):
                guard header != nil else { throw FileTexts.headerFirst }
                guard chunk.count <= FileRules.chunkBytesMax else { throw FileTexts.chunkTooLarge }
                guard content.count + chunk.count <= FileRules.uploadBytesMax else {
                    throw FileTexts.tooLarge
                }
                content += chunk
            case nil: throw FileTexts.headerFirst
            }
        }
        guard let header else { throw FileTexts.headerFirst }
        guard !content.isEmpty else { throw FileTexts.empty }
        return (header, content)
    }

    func downloadFile(
        _ request: PlatformV1.DownloadFileRequest, _ call: ServerCall,
        _ responses: ResponseWriter<PlatformV1.FileChunk>
    ) async throws {
        let id: String = try ResourceName(parsing: request.name, Files.name).id
        let principal: Principal = try call.requirePrincipal()
        let content: [UInt8] = try await platform.read(call) { context in
            guard let file: FileRecord = try Files.find(context.connection, id: id),
                try maySee(file, principal, context),
                let content: [UInt8] = try platform.files.content(context.connection, id: id)
            else { throw FileTexts.notFound }
            return content
        }
        var position: Int = 0
        while position < content.count {
            let end: Int = min(position + FileRules.chunkBytesMax, content.count)
            try await responses.write(PlatformV1.FileChunk(data: Array(content[position..<end])))
            position = end
        }
    }

    private func maySee(_ file: FileRecord, _ principal: Principal, _ context: ReadContext) throws -> Bool {
        if file.owner == principal.name { return true }
        guard let collection: Substring = file.subject.split(separator: "/").first,
            let audience: any FileAudience = audiences.first(where: { $0.collection == collection })
        else { return false }
        return try audience.maySee(subject: file.subject, principal, context)
    }
}

/// What an upload holds, as it is kept: a photo made anew, a PDF as it came.
struct CheckedUpload: Sendable {
    let bytes: [UInt8]
    let contentType: String
    /// In pixels; 0 for what is no picture.
    var width: Int = 0
    var height: Int = 0
    /// Name for people where the header has none.
    let standardName: String

    /// - Throws: INVALID_ARGUMENT where the content is not what its type says.
    init(_ content: [UInt8], contentType: String) throws(Refusal) {
        self.contentType = contentType
        let isDocument: Bool = content.starts(with: "%PDF-".utf8)
        let isPhoto: Bool = content.starts(with: [0xFF, 0xD8, 0xFF])
        if contentType == FileRules.pdf {
            guard !isPhoto else { throw FileTexts.otherContent }
            bytes = try PortableDocument(checking: content).bytes
            standardName = "document.pdf"
        } else {
            guard !isDocument else { throw FileTexts.otherContent }
            let photo: Photo = try Photo(cleaning: content)
            bytes = photo.jpeg
            width = photo.width
            height = photo.height
            standardName = "photo.jpg"
        }
    }
}

extension Files {
    /// Keeps an upload of the caller of the unit, who has yet to say what it belongs to.
    func keep(_ upload: CheckedUpload, displayName: String, _ unit: UnitOfWork) throws -> FileRecord {
        let file: FileRecord = FileRecord(
            id: unit.newID(), displayName: FileRules.displayName(displayName, standard: upload.standardName),
            contentType: upload.contentType, sizeBytes: upload.bytes.count, sha256: SHA256.hash(upload.bytes),
            width: upload.width, height: upload.height, owner: unit.principal.name, subject: "",
            createTime: unit.now)
        try insert(file, content: upload.bytes, unit)
        return file
    }

    /// The same for a PDF that comes with a history.
    ///
    /// - Returns: `files/{id}`.
    package func keep(pdf: [UInt8], displayName: String, _ unit: UnitOfWork) throws -> String {
        let upload: CheckedUpload = try CheckedUpload(pdf, contentType: FileRules.pdf)
        return "files/\(try keep(upload, displayName: displayName, unit).id)"
    }
}

extension FileRecord {
    var message: PlatformV1.File {
        PlatformV1.File(
            name: "files/\(id)", displayName: displayName, contentType: contentType,
            sizeBytes: Int64(sizeBytes),
            sha256: sha256, width: Int32(width), height: Int32(height),
            createTime: GoogleProtobuf.Timestamp(createTime))
    }
}
