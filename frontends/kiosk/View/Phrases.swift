internal import Dialogue

/// What the kiosk says besides the conversation. Lines are short; a person who cannot read them is not alone: 9 is help.
enum Phrases {
    static let name = Text("邻里自助终端", "Linli self-service")
    static let back = Text("返回", "Back")
    static let human = Text("人工帮助", "Help by a person")
    static let leave = Text("结束", "Finish")
    static let hotline = Text("热线 %1", "Hotline %1")
    static let large = Text("大字", "Large")
    static let normal = Text("标准字", "Normal size")
    static let contrast = Text("高对比", "High contrast")
    static let plain = Text("标准颜色", "Normal colours")
    static let speak = Text("朗读", "Read aloud")
    static let quiet = Text("停止朗读", "Stop reading")
    static let press = Text("按 %1，%2。", "Press %1: %2.")
    static let speechKeys = Text(
        "按 F9 找人帮忙，按 Esc 返回，按 F10 结束，按 F8 不再朗读。",
        "Press F9 for help, Esc to go back, F10 to finish, F8 to stop reading.")
    static let codeSpoken = Text("屏幕上有一个二维码。", "There is a QR code on the screen.")
    static let tooSmall = Text("屏幕太小，请联系工作人员。", "The screen is too small. Please call staff.")
    static let upwards = Text(" ▲ 上一页 ", " ▲ Page up ")
    static let downwards = Text(" ▼ 下一页，还有 %1 行 ", " ▼ Page down, %1 more ")

    static let accept = Text("确定", "OK")
    static let erase = Text("删除", "Delete")
    static let space = Text("空格", "Space")
    static let toLatin = Text("英文", "Pinyin off")
    static let toChinese = Text("拼音", "Pinyin on")
    static let earlierWords = Text(" ◀ 前面的字 ", " ◀ Earlier ")
    static let moreWords = Text(" 后面的字 ▶ ", " More ▶ ")
    static let digitsMode = Text("请输入数字，回车确定", "Type digits, then Enter")
    static let dateMode = Text("8 位数字，如 20260301", "8 digits, such as 20260301")
    static let latinMode = Text("英文输入，Tab 换拼音", "Letters; Tab for pinyin")
    static let chineseMode = Text("拼音输入，Tab 换英文", "Pinyin; Tab for letters")

    static let patience = Text("请稍等……", "One moment …")
    static let home = Text("首页", "First page")
    static let idle = Text(
        "还在吗？%1 秒后清除您的内容。按任意键继续。", "Still there? Your data go in %1 s. Press any key.")
    static let lineIsAway = Text(
        "现在连不上服务器。可以等一等，连上就接着办；不办了请按结束，填的内容会清掉。",
        "The server cannot be reached. Wait, and it goes on; or finish, and what you typed is deleted.")
    static let lineBroken = Text("网络断了，正在重连。", "The line is broken; trying again.")
    static let full = Text("写满了，不能再多。", "There is no room for more.")
    static let chooseFirst = Text("拼音太长，请先选字。", "Choose a word before typing more.")
    static let unknownPinyin = Text("没有这个拼音，请删掉重打。", "No Chinese has this pinyin. Please delete.")
    static let scanNotHere = Text("扫到的内容没有填进去：这里不能扫码。", "Scanned, but not used: no scanning here.")
    static let tryAgain = Text("再试一次", "Try again")

    static let lockedTitle = Text("本机暂停服务", "This kiosk is closed")
    static let awayTitle = Text("现在用不了", "Out of service")
    static let away = Text(
        "一体机连不上服务器，什么也没有留下。连上以后会自己恢复。",
        "The server cannot be reached. Nothing is kept here. It comes back by itself.")
    static let goToCounter = Text(
        "请到人工窗口办理，或者打 %1。", "Please go to a counter, or call %1.")

    static func ended(_ ending: Ending) -> Text {
        switch ending {
        case .finished: Text("已结束，您的内容都清掉了。请带好随身物品。", "Finished; your data are gone. Take your things.")
        case .idle: Text("没有人操作，上一位的内容已清掉。", "Nobody was there; everything was deleted.")
        case .card: Text("身份证已取走，办理结束，内容已清掉。", "The card is gone: finished, all deleted.")
        case .locked: Text("本机暂停服务，内容已清掉。", "This kiosk was closed; all is deleted.")
        case .connection: Text("网络断了，内容已清掉，没有留下。", "The line broke; nothing was kept.")
        }
    }

    static let clearing = Text("正在清除……", "Deleting …")

    static let signInTitle = Text("请先登录", "Please sign in")
    static let byCard = Text("刷身份证", "By ID card")
    static let byCardNot = Text("刷身份证（读卡器用不了）", "By ID card (reader out of order)")
    static let byPhone = Text("手机号和验证码", "By phone and code")
    static let byCode = Text("用手机扫码", "By QR code")
    static let noCardReader = Text("读卡器用不了，请用手机登录。", "The reader does not work. Please use your phone.")
    static let putCard = Text("请把身份证放在读卡器上。", "Please put your ID card on the reader.")
    static let readingCard = Text("正在读卡，请不要拿走。", "Reading; please leave the card there.")
    static let keepCard = Text("办完再取走；取走就结束。", "Take it when you are done: that ends it.")
    static let cardUnreadable = Text("没有读完，请重新放一次身份证。", "Not read. Please put the card on again.")
    static let cardLeft = Text("请取走您的身份证。", "Please take your ID card.")
    static let cardThere = Text(
        "读卡器上有一张身份证：请先取走，是您的就再放上去。",
        "A card lies on the reader. Take it off first; if yours, put it on again.")
    static let cardFirst = Text("身份证读到了。请选要办的事。", "Your card is read. Now choose what you want.")
    static let askPhone = Text("请输入 11 位手机号。", "Your mobile number, 11 digits.")
    static let whyPhone = Text("验证码会发到这个手机。不用密码。", "A code is sent to it. No password.")
    static let askCode = Text(
        "请输入短信里的 6 位验证码，%1 分钟内有效。", "Type the 6 digits of the message (good for %1 min).")
    static let phoneLength = Text("手机号是 11 位数字。", "A mobile number has 11 digits.")
    static let codeLength = Text("验证码是 6 位数字。", "The code has 6 digits.")
    static let codeExpired = Text("这个码过期了，请重新选。", "The code has expired. Choose again.")
    static let scanCode = Text("请用手机扫码，或者输入码下面的字。", "Scan the code, or type what stands below it.")
    static let scanCodeHow = Text("在聊天程序里写“一体机”和这个码。", "In the chat, write “kiosk” and this code.")

    static let codeTooLarge = Text(
        "这块屏幕小，放不下这个二维码。请打印出来，或者用手机里的聊天程序出示。",
        "This screen is too small for the code. Print it, or show it with the chat on your phone.")

    static let scanNow = Text("请扫描%1，扫好后在这里选。", "Scan it now as %1, then choose it here.")
    static let noFiles = Text("还没有扫描的文件。", "Nothing has been scanned yet.")
    static let otherKind = Text("别的文件", "Another kind of file")
    static let wrongKind = Text("这个文件用不了，要%1。", "This file cannot be used: it must be %1.")
    static let tooLarge = Text("文件太大，最多 10 MB。请调低清晰度再扫。", "Too large: 10 MB at most. Scan it coarser.")
    static let noPaper = Text(
        "打印机没有纸了，请叫工作人员。", "Out of paper. Please call staff.")
    static let printerFailed = Text(
        "打印机没有反应，请叫工作人员。", "The printer does not answer. Please call staff.")
}
