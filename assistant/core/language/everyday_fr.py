"""French, in lower case: see `everyday.py` for what is in and what is left out on purpose."""

from __future__ import annotations

FUNCTION = """
je j tu il elle on nous vous ils elles me m te t se s le la l les un une des du de d au aux lui leur leurs y en moi
toi soi eux
mon ma mes ton ta tes son sa ses notre nos votre vos ce c cet cette ces ceci cela ça celui celle ceux celles qui que
qu quoi dont
où quand comment pourquoi combien quel quelle quels quelles si et ou mais donc or ni car parce puisque comme lorsque
lorsqu dès depuis pendant durant avant après pour par avec sans sous sur dans chez entre vers contre envers parmi
malgré selon
hors jusque jusqu à afin ainsi alors aussi autant autre autres aucun aucune bien beaucoup bientôt chaque certain
certaine certains
certaines chacun chacune déjà demain encore enfin ensemble ensuite environ jamais là ici loin longtemps lors maintenant
même mêmes mieux moins ne n non oui nul pas peu peut-être plus plusieurs plutôt point presque près puis quelque quelques
quelqu quelqu'un quelques-uns rien sauf seul seule seulement simplement souvent surtout tant tard tel telle tels
telles tôt
toujours tout toute tous toutes très trop vite voici voilà vraiment aujourd'hui aujourd hui récemment dernièrement
prochainement
d'abord d'ailleurs bonjour bonsoir salut coucou cher chère chers chères merci svp s'il plaît amicalement cordialement
bises
bien-à-vous bientôt ok
suis es est sommes êtes sont été être étais était étions étaient sera serai serez seront serait serais seraient seriez
soit sois soyez
ai as a avons avez ont eu avoir avais avait avions avaient aurai aura aurez aurait aurais auraient auriez aie ait ayez
peux peut pouvons pouvez peuvent pouvoir pu pourrais pourrait pourriez pourrions pourra veux veut voulons voulez
veulent vouloir
voulu voulais voulait voudrais voudrait voudriez dois doit devons devez doivent devoir dû devrais devrait devriez faut
faudrait falloir
vais vas va allons allez vont aller allé irais ira fais fait faisons faites font faire ferais ferait fera
"""

VERBS = """
accepter accepte acceptes acceptez aide aider aiderait aides aidez aidé aime aimer aimerais aimerait aimes aimez aimé
apporter apporte apporté
apprécier apprécie apprécié apprendre apprends apprend apprenez appris appeler appelle appelles appelez appelé
arranger arrange arrangerait
attendre attends attend avancer avance avançons cherche chercher cherchez choisir choisis commencer commence
comprendre comprends comprend comprenez
comprendrais compris compter compte conseiller conseille conseillé conseillerais conseilleriez considérer continuer
continue croire crois croit
croiser croisés décider décide déjeuner demander demande demandes demandez demandé devenir devient dire dis dit disons
dites dirais dirait
discuter discute discuté discutions donner donne donnes donnez donné échanger échange échangé échangions échangeons
écouter écoute écrire écris
écrit écrivons écrivez encourager envisager envoyer envoie espérer espère essayer essaie éviter expliquer explique
faciliter
garder garde gardé hésiter hésite hésites hésitez imaginer imagine inspirer inspiré intéresser intéresse intéressé
intéresserait inviter
laisser laisse lire lis lu manquer manque marcher mentionner mentionné mettre mets met mis montrer montre oublier
oublie oublié
parler parle parles parlez parlons parlé parlions partager partage partages partagé passer passe passé penser pense
penses pensez pensé perdre permettre
permet plaire plairait plaît poser pose préférer préfère préfères préférez prendre prends prend prenez prenons
prendrais pris préparer prépare préparé présenter
profiter progresser proposer propose proposes proposé raconter raconte réfléchir réfléchis réfléchi regarder regarde
remercier
remercie rencontrer rencontre rencontré rencontrés répondre réponds répond reprendre reprenne reprenons respecter
rester reste resté restée retrouver retrouve
retrouvions réussir revenir reviens revient revoir rappeler rappelle savoir sais sait savez savons su saurais sembler
semble sentir sens sent
servir serve souhaiter souhaite souhaiterais suggérer suggéré suggérais suivre suis-je suit tenir tient tiens tenais
toucher touche travailler travaille travailles travaillez
trouver trouve trouves trouvez trouvé utiliser valoir vaut venir viens vient venu viendrais voir vois voit voyez
voyons vu verrais vivre vis vit
prévoir prendrait convenir convient conviendrait conviendraient correspondre caler fixer bavarder papoter poursuivre
recontacter réorienter éclairer éclaire éclairerait conseillais
adapter adapte adapterai demanderai tiendrai ferai serais écrirai dirai aimerions parlerions prendrions puisse puisses
puissions puissiez puissent dérange déranger
"""

NOUNS = """
accord aide ami amie an angle année après-midi atout attention avance avenir avis besoin bien bout café calendrier
carrière cas chance changement chemin chose
choix cœur coeur collègue compréhension confiance connaissance conseil contact conversation coup couple courage côté
créneau curiosité date début décision défi demande
désir détail difficulté direction discussion disponibilité doute durée échange écoute effort égard emploi énergie
enjeu enthousiasme entretien envie équilibre équipe erreur
esprit étape évolution exemple expérience explication façon fait feedback fin fois force forme frustration futur gens
goût gratitude habitude heure hésitation hiver idée
impression impulsion influence information inquiétude intérêt invitation jour journée leçon lien ligne liste lumière
main manière matin matinée mentor merci message
mesure mise moment monde mot motif motivation moyen nom note nouvelle objectif occasion opinion opportunité ordre
parcours part partage partie pas passage patience
pause peine pensée perspective personne phrase piste place plaisir plan point porte position possibilité pratique
pression priorité problème processus progrès projet-commun
proposition question raison réaction recommandation recul réflexion regard relation remarque rencontre rendez-vous
réponse respect retour réunion rien rôle rythme semaine sens sentiment service
signe silence situation soir soirée sorte soutien souvenir stratégie sujet suggestion suite tâche temps téléphone tête
thème tour travail trajectoire truc tournant vérité vie vision voie voix
vue week-end mail courriel visio mois minutes allié alliée conseillère conseiller alliés
"""

ADJECTIVES = """
actuel agréable apprécié approfondi beau bon bref calme capable chargé clair complet compliqué concret content
convaincu court curieux débordé délicat dernier différent
difficile direct disponible enchanté entier évident exact excellent extérieur facile faible familier fier final
flexible fort franc génial grand gros haut heureux honnête
honoré humain idéal important impossible informel inspirant intéressant intérieur jeune joli juste large léger libre
long lourd lucide meilleur moindre naturel nécessaire net
neuf nombreux normal nouveau objectif occupé officiel ordinaire ouvert pareil parfait particulier passionnant pénible
personnel petit plein positif possible pratique précédent précieux précis
premier prêt principal privé prochain professionnel profond propre prudent rapide rare ravi réaliste récent
reconnaissant réel régulier relatif riche sensible sérieux seul
simple sincère sûr technique tranquille tranquillement urgent usuel utile vaste véritable vieux vif virtuel vivant vrai
"""

OTHER = """
bonne bonnes nouvelle nouvelles nouveaux belle belles longue longues brève brèves première premières dernière
dernières prochaine prochaines professionnelle professionnelles personnelle personnelles actuelle actuelles
heureuse heureuses curieuse curieuses précieuse précieuses précieux nombreuses sérieuse active actives régulière
régulièrement librement sincèrement honnêtement directement facilement rapidement brièvement franchement
volontiers naturellement clairement évidemment probablement sûrement certainement parfaitement exactement tellement
également finalement notamment particulièrement personnellement
appel appels coup fil repensé pensé débordée débordés arranger arrange afin tandis quoique lequel laquelle lesquels
lesquelles auquel duquel quelque-chose n'importe tant-pis d'accord bien-sûr jusque-là là-dessus ci-dessus au-delà
en-dehors dehors dedans dessus dessous derrière devant ailleurs partout
l'instant c'est j'ai j'aimerais j'espère qu'il qu'on d'un d'une n'est l'on l'idée l'avis aujourd'hui
"""
