import Kernel

/// A stored file, without its content.
struct FileRecord: Sendable, Equatable {
    let id: String
    let displayName: String
    let contentType: String
    let sizeBytes: Int
    let sha256: [UInt8]
    let width: Int
    let height: Int
    let owner: String
    /// What it belongs to, such as `cases/…`; empty until it is attached.
    let subject: String
    let createTime: Instant
}

package enum FileRules {
    /// Bytes of one upload.
    static let uploadBytesMax: Int = 10 * 1_024 * 1_024
    /// Bytes of one chunk, both ways.
    static let chunkBytesMax: Int = 64 * 1_024
    /// Files of one subject's step.
    package static let filesPerStepMax: Int = 9
    /// Uploads that wait to be attached, of one owner.
    static let unattachedMax: Int = 30
    /// Hours until an upload that nothing refers to is removed.
    static let unattachedHours: Int64 = 24
    /// Types of file that are taken.
    package static let contentTypes: Set<String> = [jpeg, pdf]
    package static let jpeg: String = "image/jpeg"
    package static let pdf: String = "application/pdf"
    static let displayNameCharactersMax: Int = 120

    /// The last part of a path, cut to its length: browsers and phones send whole paths.
    ///
    /// - Parameter standard: the name of a file that has none.
    static func displayName(_ text: String, standard: String = "photo.jpg") -> String {
        let last: Substring = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let shown: String = String(
            last.filter { !$0.isNewline && $0 != "\0" }.prefix(displayNameCharactersMax))
        return shown.isEmpty ? standard : shown
    }
}

/// What people read about files.
enum FileTexts {
    static let notFound: Refusal = .notFound(
        reason: "FILE_NOT_FOUND", zh: "没有找到这个文件，或者您不能看。请核对编号。",
        en: "There is no such file, or it is not yours to see. Check the number.")
    static let headerFirst: Refusal = .invalid(
        field: "part", reason: "HEADER_FIRST", zh: "上传应先发文件说明，再发内容。",
        en: "Send the header first, once, then the content.")
    static let wrongType: Refusal = .invalid(
        field: "header.content_type", reason: "CONTENT_TYPE", zh: "只收 JPG 照片和 PDF 文件。请换成这两种再上传。",
        en: "Only image/jpeg and application/pdf are taken. Send one of these.")
    static let otherContent: Refusal = .invalid(
        field: "chunk", reason: "CONTENT_DIFFERS", zh: "文件内容和所写的类型不一样。照片请选 JPG，文档请选 PDF。",
        en: "The content is not of the type that the header names. A photo is JPEG, a document PDF.")
    static let tooLarge: Refusal = .invalid(
        field: "chunk", reason: "FILE_TOO_LARGE", zh: "文件超过 10 MB，请缩小后再上传。",
        en: "The file is larger than 10 MiB. Make it smaller.")
    static let chunkTooLarge: Refusal = .invalid(
        field: "chunk", reason: "CHUNK_TOO_LARGE", zh: "每一块最多 64 KB，请分小一些。",
        en: "A chunk may have 64 KiB. Send smaller ones.")
    static let empty: Refusal = .invalid(
        field: "chunk", reason: "FILE_EMPTY", zh: "文件是空的，请重新选择。", en: "The file is empty. Choose another.")
    static let tooManyUnattached: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "TOO_MANY_UPLOADS", zh: "您上传了太多还没用到的文件。请先提交，或过一小时再传。",
        en: "You have too many uploads that nothing refers to. Submit what you have, or wait an hour.")
    static let tooMany: Refusal = .invalid(
        field: "photos", reason: "TOO_MANY_PHOTOS", zh: "一次最多 \(FileRules.filesPerStepMax) 张照片。",
        en: "At most \(FileRules.filesPerStepMax) photos at a time.")
    static let notYours: Refusal = .invalid(
        field: "photos", reason: "PHOTO_NOT_YOURS", zh: "有照片没有上传成功，请重新上传。",
        en: "A photo was not uploaded by you or is in use elsewhere. Upload it again.")
}
