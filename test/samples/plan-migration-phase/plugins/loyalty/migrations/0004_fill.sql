-- tag: expand

update points set id = id;
