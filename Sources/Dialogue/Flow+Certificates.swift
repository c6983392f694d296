internal import Kernel

// Certificates, their check, and the proofs that nobody has to fetch any more.

extension Turn {
    mutating func showCertificates(_ certificates: [CertificateView], next: String) {
        var list = ListFrame(title: t(Text("我的证明", "My certificates")))
        list.items = certificates.map { certificate in
            .init(
                label: "\(t(certificate.title))　\(t(certificate.state.label))　\(certificate.number)",
                action: .callSignedIn(.oneStop(.certificate(name: certificate.name))))
        }
        if list.items.isEmpty { list.text = [t(Text("您还没有证明。", "You have no certificates yet."))] }
        list.items += [
            .init(
                label: t(Text("开一份证明", "Get a proof")), keywords: ["开证明"],
                action: .start(flow: Flow.proof, words: "")),
            .init(
                label: t(Text("查验别人的证明", "Check a certificate")), keywords: ["查验", "verify"],
                action: .start(flow: Flow.verifyCertificate, words: "")),
        ]
        list.nextPage = next.isEmpty ? nil : .oneStop(.certificates(page: next))
        showOrAppend(list)
    }

    mutating func showCertificate(_ certificate: CertificateView) {
        var list = ListFrame(title: t(certificate.title))
        list.subject = certificate.name
        list.rows = [
            .init(label: t(Text("编号", "Number")), value: certificate.number),
            .init(label: t(Text("现在", "Now")), value: t(certificate.state.label)),
            .init(label: t(Text("持有人", "Holder")), value: holder(certificate)),
        ]
        list.rows += certificate.lines.map { .init(label: $0.label, value: $0.value) }
        list.rows.append(.init(label: t(Text("出具单位", "Issued by")), value: certificate.issuer))
        list.rows.append(.init(label: t(Text("出具时间", "Issued")), value: time(certificate.issuedAt)))
        if let expires = certificate.expiresAt {
            list.rows.append(.init(label: t(Text("有效期到", "Good until")), value: time(expires)))
        }
        if !certificate.revokeReason.isEmpty {
            list.rows.append(.init(label: t(Text("作废原因", "Why revoked")), value: certificate.revokeReason))
        }
        guard certificate.state != .revoked else { return push(.list(list)) }
        if !certificate.credential.isEmpty {
            var code = ListFrame(title: t(certificate.title))
            code.text = [
                t(Text("给对方扫这个码，不联网也能查验。", "Let others scan this; it can be checked without a network."))
            ]
            code.code = certificate.credential
            list.items.append(
                .init(
                    label: t(Text("出示二维码", "Show the QR code")), keywords: ["二维码", "qr"], action: .show(code))
            )
        }
        list.items.append(
            definition.surface == .kiosk
                ? .init(
                    label: t(Text("打印证明", "Print it")), keywords: ["打印", "print"],
                    action: .printCertificate(certificate.name))
                : .init(
                    label: t(Text("下载 PDF", "Download the PDF")), keywords: ["下载", "pdf", "download"],
                    action: .form(Self.saveForm(certificate))))
        push(.list(list))
    }

    /// People stand behind whoever uses a kiosk: no whole name there.
    private func holder(_ certificate: CertificateView) -> String {
        definition.surface == .kiosk ? Masking.name(certificate.holder) : certificate.holder
    }

    private static func saveForm(_ certificate: CertificateView) -> Form {
        Form(
            id: Flow.saveCertificate, title: Text("下载 PDF", "Download the PDF"),
            questions: [
                Question(
                    id: "path",
                    prompt: Text(
                        "存到哪个文件？不填就存成 \(certificate.number).pdf。",
                        "To which file? Left out: \(certificate.number).pdf."),
                    kind: .text(min: 1, max: 400), label: Text("文件", "File"), isOptional: true)
            ], act: Text("下载", "Download"), hasSummary: false,
            context: ["name": certificate.name, "number": certificate.number])
    }

    mutating func saved(_ path: String) {
        if run?.form.id == Flow.saveCertificate { pop() }
        say(Text("已存到 \(path)。", "Saved to \(path)."))
        show()
    }

    // MARK: Checking

    static let checkCertificateForm = Form(
        id: Flow.verifyCertificate, title: Text("查验证明", "Check a certificate"),
        questions: [
            Question(
                id: "text",
                prompt: Text(
                    "请扫描二维码，或者输入码里的文字，LL1 开头。", "Scan the code, or type its text, which begins with LL1."),
                kind: .text(min: 8, max: Limit.lineCharacters), label: Text("二维码", "Code"))
        ], act: Text("查验", "Check"), hasSummary: false)

    mutating func showVerified(_ found: VerificationView) {
        if run?.form.id == Flow.verifyCertificate { pop() }
        var list = ListFrame(
            title: t(
                found.isValid
                    ? Text("证明有效", "The certificate is good") : Text("查验没有通过", "The certificate is not good"))
        )
        list.isWarning = !found.isValid
        list.text = [t(found.text)]
        if !found.number.isEmpty {
            list.rows = [
                .init(label: t(Text("证明", "Certificate")), value: t(found.title)),
                .init(label: t(Text("编号", "Number")), value: found.number),
            ]
            list.rows += found.lines.map { .init(label: $0.label, value: $0.value) }
        }
        list.items = [
            .init(label: t(Text("再查一份", "Another one")), action: .form(Self.checkCertificateForm)),
            .init(label: t(Words.toHome), action: .home),
        ]
        push(.list(list))
    }

    // MARK: 开办证明

    static let proofForm = Form(
        id: Flow.proof, title: Text("开办证明", "Get a proof"),
        questions: [
            Question(
                id: "words", prompt: Text("要开什么证明？比如：居住证明。", "Which proof? Such as: proof of residence."),
                kind: .text(min: 2, max: 200), label: Text("证明", "Proof"))
        ], act: Text("查找", "Search"), hasSummary: false)

    mutating func showProofs(_ types: [ProofView], _ refused: [RefusedProofView], words: String) {
        if run?.form.id == Flow.proof { pop() }
        guard !types.isEmpty || !refused.isEmpty else {
            var list = askedList(Text("没有找到“\(words)”", "Nothing was found for “\(words)”"))
            list.items = [
                .init(label: t(Text("换个说法再找", "Other words")), action: .form(Self.proofForm)),
                .init(
                    label: t(Words.searchServices).filled(words),
                    action: .start(flow: Flow.guide, words: words)),
                .init(label: t(Words.toHuman), action: .human),
            ]
            return push(.list(list))
        }
        let details = types.map(proofList) + refused.map(refusedList)
        if details.count == 1 { return push(.list(details[0])) }
        var list = ListFrame(title: t(Text("找到 \(details.count) 种", "\(details.count) found")))
        list.items = details.enumerated().map { index, detail in
            let mark = index < types.count ? "" : t(Text("[不用开] ", "[not needed] "))
            return .init(label: mark + detail.title, action: .show(detail))
        }
        push(.list(list))
    }

    private func proofList(_ proof: ProofView) -> ListFrame {
        var list = ListFrame(title: t(proof.title))
        if !proof.description.isEmpty { list.text = [t(proof.description)] }
        if proof.validityDays > 0 {
            list.rows = [
                .init(
                    label: t(Text("有效期", "Good for")),
                    value: t(Text("\(proof.validityDays) 天", "\(proof.validityDays) days")))
            ]
        }
        if proof.item.isEmpty {
            list.text.append(t(Text("请带身份证到社区窗口办。", "Please go to the counter with your identity card.")))
            list.items = [
                .init(
                    label: t(Text("预约去窗口", "Book a time at the counter")),
                    action: .callSignedIn(.oneStop(.halls(.appointment(item: "", itemText: "")))))
            ]
        } else {
            list.items = [
                .init(
                    label: t(Text("我要办", "Apply")), keywords: ["办", "apply"],
                    action: .callSignedIn(.oneStop(.apply(item: proof.item)))),
                .init(label: t(Text("看办事指南", "See the guide")), action: .call(.service(name: proof.item))),
            ]
        }
        return list
    }

    /// 民发〔2020〕20号: what communities must not issue, and who does it instead.
    private func refusedList(_ proof: RefusedProofView) -> ListFrame {
        var list = ListFrame(title: t(proof.title))
        list.text = [
            t(Text("这个证明社区不能开，也不该叫您来开。", "Communities must not issue this, and nobody may ask it of you."))
        ]
        if !proof.instead.isEmpty { list.text.append(t(Words.whatToDo) + t(proof.instead)) }
        if !proof.legalBasis.isEmpty {
            list.rows = [.init(label: t(Text("依据", "By")), value: proof.legalBasis)]
        }
        if !proof.item.isEmpty {
            list.items.append(
                .init(label: t(Text("看该怎么办", "See what does it")), action: .call(.service(name: proof.item))))
        }
        list.items.append(.init(label: t(Words.toHuman), action: .human))
        return list
    }
}
