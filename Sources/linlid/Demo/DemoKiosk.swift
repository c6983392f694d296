import Crypto
import Glibc
import Kernel
import Platform

/// The kiosk of the demonstration: registered, with a certificate, and set up with files in the place of its parts.
enum DemoKiosk {
    static let id: String = "kiosk-demo"
    static let displayName: String = "凤台社区一体机"
    /// The hall in which it stands.
    static let hall: String = "halls/fengtai"
    /// Folder in the folder of the sign-ins.
    static let folder: String = "kiosk"

    /// Makes it if it is not there yet.
    static func makeOnce(_ platform: Platform, in directory: DataDirectory) async throws {
        let path: String = "\(directory.path)/\(DemoStart.signInFolder)/\(folder)"
        guard access("\(path)/kiosk.yaml", F_OK) != 0 else { return }
        let authority: CertificateAuthority = try DevelopmentPKI.authority(directory)
        let issued: CertificateAuthority.Issued = try authority.issueClient(
            commonName: id, uri: "urn:linli:device:\(id)", now: platform.environment.now())
        let isMade: Bool = try await platform.performAsSystem(action: "demo.kiosk") { unit in
            try register(issued.certificate, unit)
        }
        guard isMade else { return }
        for folder in ["", "/scans", "/printed"] { mkdir(path + folder, 0o700) }
        try TextFile.write(issued.certificate.pem, to: "\(path)/device.pem")
        try SecretFile.write(Array(issued.key.pem().utf8), to: "\(path)/device.key", replacing: true)
        // Last: with it the kiosk is there.
        try TextFile.write(settings(directory), to: "\(path)/kiosk.yaml")
    }

    /// False if the demonstration's places are not there.
    private static func register(_ certificate: Certificate, _ unit: UnitOfWork) throws -> Bool {
        guard let place = try Organizations.find(unit.connection, DemoPlaces.fengtai) else { return false }
        try KioskStore.register(
            unit.connection,
            KioskRecord(
                id: id, displayName: displayName, placeCode: place.code, placePath: place.path, hall: hall),
            now: unit.now)
        try Certificates.insert(
            unit.connection,
            CertificateRecord(
                serial: String(certificate.serialHex.lowercased().drop { $0 == "0" }), kind: .device,
                subjectID: id,
                displayName: displayName, notBefore: certificate.notBefore, notAfter: certificate.notAfter))
        unit.audit(subject: "kiosks/\(id)", details: ["place": place.code])
        return true
    }

    private static func settings(_ directory: DataDirectory) -> String {
        """
        # The kiosk of the demonstration: its parts are files. frontends/kiosk/README.md tells what can be set.
        root: \(directory.pkiPath)/root.pem
        certificate: device.pem
        key: device.key
        hall: \(hall)
        receipt_printer: printed/receipts.bin
        document_printer: printed
        scanner_folder: scans

        """
    }
}
