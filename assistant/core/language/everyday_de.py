"""German, in lower case: see `everyday.py` for what is in and what is left out on purpose."""

from __future__ import annotations

FUNCTION = (
    """
ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch ihnen mein meine meinen meinem meiner meines dein deine
deinen
deinem deiner deines sein seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres unser unsere unseren unserem
unserer unseres euer eure euren eurem eurer man jemand jemanden jemandem niemand niemanden niemandem jeder jede jedes
jeden
jedem einander sich selbst selber der die das den dem des ein eine einen einem einer eines kein keine keinen keinem
keiner
keines dieser diese dieses diesen diesem jener jene jenes welcher welche welches welchen welchem was wer wen wem
wessen wo
woher wohin wann warum wieso weshalb wie wieviel ob dass daß wenn als weil da denn damit obwohl während bevor nachdem
seit seitdem bis solange sobald sofern falls und oder aber sondern doch jedoch sowie sowohl weder noch entweder
in im ins an am ans auf aufs aus außer bei beim durch für fürs gegen gegenüber hinter mit nach neben ohne trotz über
übers
um unter von vom vor vorm wegen zu zum zur zwischen entlang innerhalb außerhalb statt anstatt anhand bezüglich
hinsichtlich
hier da dort drüben her hin hierher dahin daher dabei dadurch dafür dagegen dahinter damals daran darauf daraus darin
darüber darum darunter davon davor dazu dazwischen hierbei hierfür hierzu womit wofür woran worauf woraus worin worüber
worum wovon wozu wobei nicht nichts nie niemals nirgends ja nein schon noch nur auch sehr so zu ganz gar etwa ungefähr
fast
kaum eher ziemlich recht richtig wirklich eigentlich einfach mal einmal zweimal wieder wiederum immer oft öfter häufig
manchmal selten meist meistens gelegentlich bald demnächst gleich sofort jetzt nun heute früher später
zuletzt zuerst zunächst erst dann danach vorher nachher inzwischen mittlerweile derzeit zurzeit gerade eben kürzlich
neulich längst lange länger lang kurz kürzlich bereits endlich schließlich vielleicht wohl sicher sicherlich bestimmt
wahrscheinlich möglicherweise hoffentlich leider gern gerne lieber am liebsten besser besten weniger wenig mehr viel
viele
vielen vielem vieler einige einigen einiges einiger manche manches manchen mancher alle allen alles aller beide beiden
beides beider andere anderen anderes anderer anderem mehrere mehreren paar bisschen etwas sonst außerdem zudem ebenfalls
ebenso genauso deshalb deswegen also folglich trotzdem dennoch allerdings übrigens nämlich zwar halt ohnehin sowieso
irgendwann irgendwie irgendwo irgendetwas irgendjemand jemals je desto umso hallo hi hey moin servus liebe lieber liebes
sehr geehrte geehrter guten morgen tag abend bitte danke dank grüße grüßen gruß herzlich herzliche beste viele schöne
vg lg bg mfg ok okay bzw usw etc zb ciao tschüss erstmal
bin bist ist sind seid war warst waren wart gewesen sei wäre wärst wären wärt habe hast hat haben habt hatte hattest
hatten
hattet gehabt hätte hättest hätten hättet werde wirst wird werden werdet wurde wurden würde würdest würden würdet worden
geworden kann kannst können könnt konnte konnten könnte könntest könnten könntet muss musst müssen müsst musste mussten
müsste müssten müsstest soll sollst sollen sollt sollte solltest sollten will willst wollen wollt wollte wolltest
wollten
darf darfst dürfen dürft durfte dürfte dürften mag magst mögen mögt mochte möchte möchtest möchten möchtet gemocht
gekonnt
"""
    """ lass lasst lassen lässt ließ gelassen mache machst macht machen gemacht tue tust tut tun getan tat """
)

VERBS = """
achten achte achtest ändern ändere ändert geändert anbieten anfangen anfange fang fangen angehen angeht anknüpfen
anknüpfe
annehmen ankommen ankommt anrufen anrufe anruf ansehen anschauen ansprechen anstoßen anstoßen antworten antworte
antwortest
arbeiten arbeite arbeitest arbeitet zusammenarbeiten zusammenarbeitet zusammenarbeitest zusammensetzen zusammenfassen
fasse fassen
ausgesprochen aussprechen ausgehen austauschen austausche ausgetauscht auswählen such suchen suche suchst sucht
bauen baue aufbauen aufstellen aufstelle bedanken bedanke bedeuten bedeutet befassen befragen beginnen beginne beginnt
begleiten begleitet begleitest behalten bekommen bekomme bekommst bekommt beitragen beraten berät berätst berichten
berichte beschäftigen beschäftigt
beschäftige besprechen bespreche bestehen besteht betrachten betrachtet bewegen bewegt bewegst bieten biete bitten bitte
bittest gebeten bleiben bleibe bleibst bleibt geblieben brauchen brauche brauchst braucht bräuchte bringen bringe
bringst
bringt gebracht bringe danken danke dankst denken denke denkst denkt gedacht dachte durchdenken durchsprechen dürfen
eilen einladen einlade einbringen einfallen einfällt fällt fallen einig einigen einigt entscheiden entscheide
entscheidest
entscheidet entschieden entstehen entwickeln entwickle erfahren erfährst erfahre erinnern erinnere erinnert erklären
erkläre erlauben
erleichtern ermutigen erraten erreichen erreiche erreichst erreicht erwähnen erwähne erwähnt erwarten erwarte
erzählen erzähle erzählst erzählt fehlen fehlt finden finde findest findet fand gefunden folgen folge folgst
fortsetzen fragen frage
fragst fragt fragte gefragt freuen freue freust freut führen führe führt fühlen fühle fühlt geben gebe gibst gibt gib
gab
gegeben gäbe gehen gehe gehst geht ging gefallen gefällt gehören gehört gelten gilt genießen genügen genügt gestalten
gewinnen glauben glaube glaubst glaubt haben halten halte hältst hält gehalten hänge hängt handeln helfen helfe hilfst
hilft half
geholfen herausfinden heraus hinweisen hoffen hoffe hofft hören höre hörst hört gehört hinarbeiten hinarbeite
interessieren interessiert interessiere kennen kenne kennst kennt kannte kennenlernen klagen klappen klappt klären
kläre klärt klingen klingt kommen komme kommst
kommt kam käme gekommen kosten kostet kümmern kürzen lachen leben lebe lebt legen leg legst leiden lernen lerne lernst
lernt gelernt lesen
lese liest las gelesen liegen liegt lag lohnen lohnt lösen merken merken melden melde meldest gemeldet mitbringen
mitnehmen mitnehme
mitteilen nachdenken nachdenke nachfragen nachgedacht nehmen nehme nimmst nimmt nahm genommen nennen nenn nenne nennst
nutzen nutze nützen nützt
öffnen ordnen passen passe passt plane planen plant probieren prüfen raten rate rätst rät reagieren rechnen reden rede
redest redet
geredet reichen reicht richten rufen sagen sage sagst sagt sag sagte gesagt sammeln gesammelt angesammelt
zusammengekommen
schaffen schafft schaffe schätzen schätze schätzt schauen schaue schaust schaut schick schicken schicke schickst
schleifen schlagen
schließen schließ schreiben schreibe schreibst schreibt schrieb geschrieben sehen sehe siehst sieht sah gesehen sein
setzen setze
sitzen sprechen spreche sprichst spricht sprach gesprochen spüren stecken steckst steckt stehen stehe stehst steht
stand stehenbleiben
stellen stelle stellst stellt gestellt stimmen stimmt stören stört tauschen tausche teilen teile teilst teilt geteilt
telefonieren
telefoniere telefoniert tragen trage trägst treffen treffe triffst trifft traf trefft getroffen trennen trotzdem
überlegen überlege überlegst
überlegt übernehmen übernehme übernimmst übernimmt überraschen übrig übrigbleiben unterhalten unterstützen unterstützt
unterstütze verändern
verbinden verbringen vergessen vergesse vergisst vergehen vergangen verlassen verschieben verschiebe versprechen
verstehen verstehe
verstehst versteht verstanden versuchen versuche versucht vertrauen verzichten vorbereiten vorbereitet bereite bereitest
vorhaben vorhast vorhabe vornehmen vorgenommen vorschlagen vorschlage vorankommen vorangeht voranbringen vorstellen
vorstelle
vorbeikommen wachsen wählen wähle wählst warten warte wartest wechseln weiterführen weitergehen weiterging weitergeht
weiterziehen weiterkommen
weiterhelfen weitersagen weiß weißt wissen wisst wusste gewusst wüsste wünschen wünsche wünschst würdigen zeigen zeige
zeigst zeigt zögern zuhören
zuhöre höre zulässt zulassen zulaufen zurückblicken zurückkommen zurückkomme zurück zurückgeben zurückmelden zusagen
zählen zählt ziehen ziehe zutrauen zuzutrauen
auszutauschen kennenzulernen voranzubringen zurückzublicken vorzustellen anzuknüpfen nachzudenken zurückzukommen
anzurufen mitzuteilen zuzuhören aufzubauen weiterzukommen abzusagen
absagen abklären ablehnen abstimmen anpassen anstoßen aufnehmen aufschieben ausmachen auskommen ausprobieren
begeistern bemühen beruhigen besinnen dranbleiben
einplanen einrichten einschätzen einordnen eintragen entgegenkommen ergeben ergibt ergangen ermöglichen erwidern
festhalten haltet formulieren hineinpassen hinbekommen
kommentieren kombinieren kontaktieren orientieren priorisieren profitieren reflektieren reinpassen skizzieren
sortieren spiegeln strukturieren vereinbaren verfolgen vermissen vermisse vertiefen
vertreten verzeihen wahrnehmen weiterdenken zuspitzen zustimmen mittagessen arbeitet bedrückt freust verabreden
verrätst verrate verraten
lernten sprachen trafen schrieben telefonierten tauschten hörten redeten
"""

NOUNS = """
abend abschnitt absicht absprache abstand achtung agenda alltag alternative anfang angebot angelegenheit anlass anliegen
anregung anregungen anruf ansatz ansicht ansichten anschluss ansporn anteil antwort antworten arbeit arbeiten
arbeitsalltag art arten aspekt aufgabe aufgaben
aufmerksamkeit augen augenblick austausch aussicht auswahl bedarf bedenken bedeutung begegnung beginn beispiel beitrag
berater beraterin
beratung bereich bescheid betreff beweggründe beziehung bild bitte blick blickwinkel botschaft chance chancen dank
denken detail details ding
dinge diskussion druck eile einblick einblicke eindruck einfluss einladung einordnung einschätzung einsicht einwand
ende energie entscheidung
entscheidungen entwicklung erfahrung erfahrungen erfolg erfolge ergebnis ergebnisse erinnerung erwartung erwartungen
essen fach fall fälle
fassung feedback fehler fokus folge form förderer fortschritt frage fragen freiheit freude freund freunde frust
führung für-und-wider gedanke
gedanken gefallen gefühl gegenzug gehalt gelegenheit gelegenheiten geschichte geschichten gesicht gespräch gespräche
gesprächs gewicht
gleichgewicht glück grund gründe gute gutes halbe hand hände haltung herausforderung herausforderungen herz hilfe
hinblick hinweis hinweise
hintergrund hoffnung idee ideen impuls impulse information informationen inhalt interesse irrtum jahr jahre jahren
jahres job kaffee kalender
karriere karriereweg kleinigkeit klarheit klage klagen kollege kollegen kollegin kontakt kopf kraft kritik laufbahn
leben lehre lehren leistung leute linie lösung
lust mail mails mal meinung meinungen mensch menschen mentor mentoren mentorin minute minuten mittag mittagspause
möglichkeit möglichkeiten moment
monat monate monaten motiv motive motivation mühe mut nachfrage nachricht nachrichten nachmittag nähe name namen neues
neuigkeiten nein netzwerk notiz
nutzen offenheit ort ordnung partner person personen perspektive perspektiven phase plan pläne platz position post
priorität prioritäten problem
probleme prozess punkt punkte rahmen rat ratschlag ratschläge raum reaktion reden reihe richtung risiko rolle rollen
rücksicht ruhe runde runden
rückmeldung sache sachen satz sätze sätzen schluss schreibtisch schritt schritte schritten schuld schulter schwerpunkt
seite seiten sicht sichtbarkeit sichtweise
signal sinn situation skizze sorge sorgen spaß spielraum stand standort standpunkt stärke stärken stelle stellen
stille stimme stimmung strategie stück stunde
suche tage tagen tagesordnung tasse team teams tee teil teile telefon telefonat telefonate tempo termin termine thema
themen tipp tipps treffen
überblick übergang überlegung überlegungen umfeld umstand umstände unterhaltung unterschied unterstützung ursache
veränderung verabredung vergangenheit vergnügen verbindung verbündete verbündeter
verlauf verständnis versuch vertrauen video videoanruf videocall vorbereitung vorfreude vormittag vorschlag vorschläge
vorstellung vortrag wahl wechsel weg wege weile weise welt wendung wert
wichtiges widerspruch wille wissen woche wochen wochentag wort worte worten wörter wunsch wünsche zeichen zeile zeilen
zeit zeiten zeitfenster zeitpunkt
zeitraum ziel ziele zielen zufall zugang zukunft zusammenarbeit zusammenhang zustimmung zuversicht zweck zweifel call
meeting kontakte kreis
karriereschritt karrierefragen ratgeber sparring sparringspartner lernkurve denkanstoß denkanstöße gesprächspartner
gedankenaustausch erfahrungsaustausch feierabend
"""

ADJECTIVES = """
aktuell allgemein alt andauernd angemessen angenehm anstrengend aufmerksam aufregend ausführlich bedeutend
befriedigend begeistert bekannt bequem bereit
berechtigt beruflich besonder bewusst breit bunt dankbar deutlich dicht dick direkt diskret dringend eigen einfach
eingehend einverstanden einzeln
ehrlich endgültig eng entscheidend entspannt ergiebig ernst erst erstaunlich falsch fachlich fair fein fertig fest
flexibel förmlich formell frei fremd freundlich frisch froh früh ganz
gegenseitig geduldig geeignet gemeinsam gemütlich genau gesamt gespannt gewohnt gleich glücklich groß größer größt
grundsätzlich günstig gut halb
hart häufig heutig hilfreich höflich hoch höher informell inhaltlich inspirierend interessant jeweilig jung klar
klarer klein kleiner kleinst klug komplett konkret konzentriert kostbar künftig kurz kürzer
langfristig laut lebendig leer leicht leichter leise letzt lieb locker lohnend lustig mittel mitten möglich mutig
mündlich nächst nah näher natürlich negativ neu neugierig neuest
neutral nett nötig notwendig nützlich nüchtern offen offensichtlich ordentlich passend persönlich positiv praktisch
privat prägend prima pünktlich ratlos realistisch recht redlich regelmäßig
reich reif relevant richtig riesig ruhig sachlich schade scharf schlecht schlimm schlimmst schnell schön schriftlich
schuldig schwer schwierig selbstverständlich selten sicher sichtbar sinnvoll sonstig
spannend spät speziell spontan stark stärker ständig still stolz strategisch tatsächlich technisch tief toll total
treu typisch überfällig überrascht überzeugt umgekehrt unangenehm unbedingt
unerwartet ungewöhnlich ungünstig unklar unkompliziert unsicher unterschiedlich unverbindlich unverhofft unwichtig
verbindlich vergangen verlässlich vernünftig verschieden verständlich vertraut vertraulich viel
virtuell voll vollständig völlig vorsichtig vorbereitet wach warm weit weiter wertvoll wesentlich wichtig wichtigst
willkommen wirksam wunderbar wund zeitlich zentral ziel zufällig zufrieden zukünftig zusätzlich zuversichtlich
zweit dritt halbstündig gern erreichbar verfügbar ungezwungen knapp mehrfach fällig genervt gestresst ausgebucht
eingespannt beschäftigt unentschlossen dankenswert übel schwach vorig bisherig damalig dortig hiesig
"""

OTHER = """
ab genug allem solche solcher solches solchen gebrauchen besseren besserer bessere regelmäßig gründen weges
stattdessen leid meisten kürze klappt frag dasselbe derselbe dieselbe denen deren dessen außerdem dankeschön
herauszufinden außen rest anders dorthin bisher glückwunsch glückwünsche herzlichen herzlicher fange trinken gehen
stress ohren läuft los gehts einschätzen freuen mag mögen eingespannt geraten kommenden kommende kommender folgenden
empfohlen vorgeschlagen gemeint herauskommen halten großen großer großes größere größeren größerer allein zusammen
miteinander füreinander voneinander untereinander zueinander ebenfalls beieinander beizeiten beisammen gemeinsam zweit
zu-zweit zunutze zuliebe zugute zugunsten
voraus vorab vorbei vorüber voran hinaus hinein hinzu herein herum hervor draußen drinnen drin dran drauf drüber drum
oben unten vorn vorne hinten links rechts nebenbei mitten
jedenfalls keinesfalls keineswegs notfalls andernfalls gegebenenfalls allenfalls ebenfalls jederzeit jeweils stets
nochmal nochmals abermals künftig ein-paar paarmal soweit sozusagen soviel insgesamt insbesondere
insofern inwiefern inwieweit dergleichen derart allzu überaus äußerst höchst besonders vor-allem gewiss freilich
immerhin geschweige lediglich bloß einerseits andererseits hingegen vielmehr
tat geschafft los gutgetan gegangen liefen lief glatt nahe offline online per persönlich vielen-dank freut fürs ergeht
passiert uns's geht's gibt's wär's wär hab seh würd find freu meld
bekannter feiner folgendes gutes interessantes neues schönes wichtiges wenigen wenige weniges spannendes ähnliches
genaueres näheres weiteres großes größeres kleines nettes konkretes
"""

BRIEF = """
notiert frag erzähl komm gefolgt geholfen ausging bring wisse gedankt anweisungen nutz sorg schließ close ab überleg
drei mach läuft gelungen ärgert
zurecht verbindet geführt herauskommen gemerkt dringendsten gelöst gelingen abbringen anders solchen dorthin einsetzen
gehalts beförderung vorgesetzte
arbeitet leuten lebens rest außerhalb bisher halte leg fang finde meisten erfolg größeres großes
"""

MORE = """
richte richten richtest wende wenden wendest anschreiben anschreibe umtreibt umtreiben umgetrieben schildern schildere
widmen widme nachfragen einfallen beherzigen beherzige zurückdenken
klang klingt meldest durchatmen aufgreifen greife greifen anmerken ausrichten entschuldigen entschuldige freimachen
abzwacken zusammenkommen zusammenkommt vorbeischauen quatschen plaudern plauschen
abwägen wäge wägen schwanke schwanken zögere grüble grübeln sortiere ordne orientiere neugier umgang tragweite
blickwinkel hadern hadere erwäge erwägen erwogen verspüre bewundere bewundern schwärmen
geschätzt schätzt hilfsbereit gefreut überrascht inspiriert inspirieren geprägt begleitete nachgegangen nachgehallt
nachhallen hängengeblieben hängen geblieben verinnerlicht eingeprägt
vergegenwärtigen erinnere erinnert zurückgeworfen einig uneinig unschlüssig hin-und-her hin her nachsehen nachsicht
nachsichtig rücksichtsvoll aufrichtig offenheit offenherzig
kalender kalendern terminlage terminplan wochenplan zeitplan zeitlich zeitnah kurzfristig mittelfristig spontanes
treffpunkt anruf anrufen rückruf rückfrage zwischendurch mittags abends morgens vormittags nachmittags
unter-vier-augen vier augen ohren ohr herzen seele magen bauch bauchgefühl kopfzerbrechen kopf-frei gedankenanstoß
denkweise sichtweisen haltung werdegang laufbahn berufsleben berufsweg arbeitswelt arbeitsleben
arbeitsweise arbeitstag scheideweg weggabelung wegweiser kompass leitfaden rat ratsuchend ratschlägen fingerzeig
hinweis beistand rückhalt rückenwind ermutigung zuspruch wertschätzung anerkennung
dankbarkeit freundlichkeit geduld gelassenheit zuversicht ungeduld bedenkzeit spielregeln maßstab kriterium kriterien
überzeugung zielsetzung zwischenstand sachstand lage ausgangslage verhältnis verhältnisse
vertrauensvoll wertschätzend unbefangen unbürokratisch unaufgeregt vergnügt heiter munter gründlich oberflächlich vage
ungefähr präzise treffend zutreffend einleuchtend nachvollziehbar lehrreich aufschlussreich bereichernd
anregend belebend wohltuend befreiend entlastend motivierend ermutigend herausfordernd fordernd mühsam zäh verzwickt
knifflig heikel delikat drängend dringlich vorrangig nachrangig zweitrangig nebensächlich
keinerlei irgendein irgendeine irgendwelche sämtliche etliche unzählige diverse jegliche solcherlei allerlei
mancherlei einstweilen vorerst vorläufig fürs-erste seither seitdem neuerdings unlängst jüngst einst ehemals
zugegeben ehrlicherweise offen-gestanden glücklicherweise erfreulicherweise bedauerlicherweise dummerweise netterweise
freundlicherweise verständlicherweise selbstredend sowie jederzeit irgendwann zwischendrin nebenher
sprich beziehungsweise gegebenenfalls möglichst bestenfalls schlimmstenfalls wenigstens zumindest mindestens höchstens
immerzu andauernd fortwährend unverändert nachmittag abendessen frühstück frühstücken spaziergang spazieren
passend passendes recht rechtes liebsten nächsten ersten zweiten dritten einzigen selben gleichen eigenen weiteren
größten kleinsten besten schönsten wichtigsten spannendsten schwierigsten
schreibt schriebst antwortet fragtest erzähltest sagtest meintest meinte meinst meinen meint nanntest rietest
empfahlst empfiehlst empfehlen schlugst vorschlugst denkst dachtest glaubst findest hältst siehst
könnt wollt dürft müsst seid wärt hättet würdet eurem eurer euren lasst macht kommt geht gebt nehmt
"""
